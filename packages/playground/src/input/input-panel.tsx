import type { JSX } from 'preact'
import { acceptOf, type Body, type NamedExample, proposeType } from '../call/body.ts'
import type { Input } from '../call/form-state.ts'
import { Field } from '../fields/field.tsx'
import { FilePicker } from '../fields/file-picker.tsx'
import { FormContext } from '../fields/form-context.ts'
import { JSONEditor } from '../fields/json.tsx'
import { kindOf } from '../schema/kind.ts'
import { type Components, resolve, splitNull } from '../schema/resolve.ts'
import { Tabs } from '../tabs.tsx'

interface InputPanelProps {
  readonly body: Body
  readonly input: Input
  readonly components: Components
  readonly errors: ReadonlyMap<string, readonly string[]>
  readonly isOptional: boolean
  readonly examples: readonly NamedExample[]
  readonly onChange: (input: Input) => void
}

/** The input: examples, then the fields, or the same value as JSON. */
export function InputPanel(props: InputPanelProps): JSX.Element {
  const { body, input, examples, components, errors, onChange } = props
  return (
    <FormContext.Provider value={{ components, errors }}>
      {examples.length > 0 && (
        <div class="row examples">
          <span class="label">Examples</span>
          {examples.map(({ name, value }) => (
            <button type="button" class="chip" key={name} onClick={() => onChange({ ...input, value })}>
              {name}
            </button>
          ))}
        </div>
      )}
      {body.kind === 'none' && <p class="help">Predict takes no input.</p>}
      {body.kind === 'json' && <JSONBody {...props} body={body} />}
      {(body.kind === 'text' || body.kind === 'form') && <Whole {...props} body={body} label="text" />}
      {body.kind === 'text' && body.types.length > 0 && <TypeField input={input} onChange={onChange} />}
      {body.kind === 'bytes' && <BytesBody {...props} body={body} />}
    </FormContext.Provider>
  )
}

type OfKind<Kind extends Body['kind']> = InputPanelProps & { readonly body: Extract<Body, { kind: Kind }> }

function JSONBody(props: OfKind<'json'>): JSX.Element {
  const { body, input, components, onChange } = props
  const { schema } = splitNull(resolve(body.schema, components))
  const isPlain = kindOf(schema, components) === 'json'
  if (isPlain) return <JSONView input={input} onChange={onChange} />
  return (
    <Tabs
      label="Write it as"
      names={['Form', 'JSON']}
      chosen={input.isJSON ? 'JSON' : 'Form'}
      onChoose={name => onChange({ ...input, isJSON: name === 'JSON' })}
    >
      {input.isJSON ? <JSONView input={input} onChange={onChange} /> : <Whole {...props} label="value" />}
    </Tabs>
  )
}

function JSONView({ input, onChange }: Pick<InputPanelProps, 'input' | 'onChange'>): JSX.Element {
  return (
    <div class="field json-view" data-kind="json">
      <JSONEditor
        value={input.value}
        attributes={{ 'aria-label': 'The payload as JSON' }}
        isDisabled={false}
        onChange={value => onChange({ ...input, value })}
      />
    </div>
  )
}

interface WholeProps extends InputPanelProps {
  readonly body: Extract<Body, { schema: unknown }>
  readonly label: string
}

/** The whole value as a field; the members of an object have no frame. */
function Whole({ body, input, components, isOptional, label, onChange }: WholeProps): JSX.Element {
  const { schema, isNullable } = splitNull(resolve(body.schema, components))
  const isObject = ['object', 'record'].includes(kindOf(schema, components)) && !isNullable && !isOptional
  const { description: _description, ...plain } = schema
  return (
    <div class="whole">
      <Field
        {...(isObject
          ? { bareNames: { id: 'payload', 'aria-label': 'payload' }, schema: plain }
          : { schema: isNullable ? body.schema : schema })}
        value={input.value}
        pointer="#"
        label={schema.title ?? label}
        isRequired={!isOptional}
        onChange={value => onChange({ ...input, value })}
      />
    </div>
  )
}

function TypeField({ input, onChange }: Pick<InputPanelProps, 'input' | 'onChange'>): JSX.Element {
  return (
    <label class="field line">
      <span class="label">Content-Type</span>
      <input
        type="text"
        class="mono"
        autocomplete="off"
        spellcheck={false}
        value={input.type}
        onInput={event => onChange({ ...input, type: event.currentTarget.value })}
      />
    </label>
  )
}

const FALLBACK = 'application/octet-stream'

function BytesBody({ body, input, onChange }: OfKind<'bytes'>): JSX.Element {
  const { file } = input
  const take = (next: File | undefined) => {
    const type = next === undefined || next.type === '' ? proposeType(body.types, FALLBACK) : next.type
    onChange({ ...input, file: next, type })
  }
  const isText = file?.name === TYPED
  const type = (text: string) => take(text === '' ? undefined : new File([text], TYPED, { type: 'text/plain' }))
  return (
    <>
      <div class="field file" data-pointer="#" data-kind="bytes">
        <div class="head">
          <label class="label" for="bytes" id="bytes-label">
            File
          </label>
          <span class="hint">{body.types.filter(name => name !== '*/*').join(', ')}</span>
        </div>
        <FilePicker
          names={{ id: 'bytes' }}
          file={isText ? undefined : file}
          accept={acceptOf(body.types)}
          note={file === undefined ? '' : `${file.size.toLocaleString('en')} bytes`}
          isDisabled={false}
          onChoose={take}
        />
      </div>
      <details class="more">
        <summary>Type a text instead</summary>
        <textarea rows={3} aria-label="A text, sent as it is" onInput={event => type(event.currentTarget.value)} />
      </details>
      <TypeField input={input} onChange={onChange} />
    </>
  )
}

/** The name of a file whose content was typed. */
const TYPED = 'text'
