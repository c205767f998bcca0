import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Schema } from '../document/openapi.ts'
import { blank } from '../schema/blank.ts'
import { kindOf } from '../schema/kind.ts'
import { pointerTo } from '../schema/pointer.ts'
import { type Components, resolve, splitNull } from '../schema/resolve.ts'
import { isObject, type Value, type ValueObject, withMember } from '../schema/value.ts'
import { Field } from './field.tsx'
import type { ControlProps, FieldProps } from './field-props.ts'
import { type FormState, useForm } from './form-context.ts'

/** More optional members than this, none of them with a default, are folded into one line. */
const FOLDED = 1

/** The members of an object: required ones and those with a default first, the rest folded into one line. */
export function ObjectControl({ schema, value, pointer, onChange }: ControlProps): JSX.Element {
  const form = useForm()
  const [isOpen, setOpen] = useState(false)
  const { properties = {}, required = [] } = schema
  const members = Object.entries(properties)
  const isFolded = ([name, member]: readonly [string, Schema]) => mayFold(name, member, required)
  const folded = members.filter(isFolded)
  const draw = ([name, member]: readonly [string, Schema]) => (
    <Field
      key={name}
      schema={member}
      value={isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined}
      pointer={pointerTo(pointer, name)}
      label={resolve(member, form.components).title ?? name}
      isRequired={required.includes(name)}
      onChange={next => onChange(withMember(value, name, next))}
    />
  )
  const isFew = folded.length <= FOLDED
  const shown = members.filter(member => isFew || !isFolded(member))
  return (
    <div class="members">
      {shown.map(draw)}
      {!isFew && (
        <details
          class="more"
          open={isOpen || folded.some(([name]) => isUsed(name, value, { pointer, form }))}
          onToggle={event => setOpen(event.currentTarget.open)}
        >
          <summary>{`${folded.length} more`}</summary>
          {folded.map(draw)}
        </details>
      )}
      {schema.additionalProperties && <RecordControl {...othersOf({ schema, value, pointer, onChange })} />}
      {members.length === 0 && !schema.additionalProperties && <p class="help">An object without members.</p>}
    </div>
  )
}

function mayFold(name: string, schema: Schema, required: readonly string[]): boolean {
  return schema.deprecated === true || (!required.includes(name) && schema.default === undefined)
}

interface Place {
  readonly pointer: string
  readonly form: FormState
}

function isUsed(name: string, value: Value, { pointer, form }: Place): boolean {
  const own = pointerTo(pointer, name)
  const isWrong = [...form.errors.keys()].some(wrong => wrong === own || wrong.startsWith(`${own}/`))
  return isWrong || (isObject(value) && value[name] !== undefined)
}

/** The additional members of an object. */
function othersOf({
  schema,
  value,
  pointer,
  onChange,
}: Pick<ControlProps, 'schema' | 'value' | 'pointer' | 'onChange'>): ControlProps {
  const { properties = {}, ...rest } = schema
  const members = isObject(value) ? Object.entries(value) : []
  const named = Object.fromEntries(members.filter(([name]) => Object.hasOwn(properties, name)))
  const others = Object.fromEntries(members.filter(([name]) => !Object.hasOwn(properties, name)))
  return {
    schema: rest,
    value: others,
    pointer,
    isRequired: true,
    isDisabled: false,
    names: { id: `field-${encodeURIComponent(pointer)}-others` },
    onChange: next => onChange({ ...named, ...(isObject(next) ? next : {}) }),
  }
}

/** Members with arbitrary names. */
export function RecordControl({ schema, value, pointer, onChange }: ControlProps): JSX.Element {
  const { components } = useForm()
  const members = Object.entries(isObject(value) ? value : {})
  const change = (index: number, [name, member]: readonly [string, Value]) =>
    onChange(fromMembers(members.map((former, at) => (at === index ? [name, member] : former))))
  return (
    <div class="record">
      {members.map(([name, member], index) => (
        // Keyed by index: a name changes with each keystroke.
        <div class="entry" key={index}>
          <input
            type="text"
            class="name"
            aria-label={`Name ${index + 1}`}
            autocomplete="off"
            spellcheck={false}
            value={name}
            onChange={event => change(index, [event.currentTarget.value, member])}
          />
          <Field
            schema={schemaOf(schema, name)}
            value={member}
            pointer={pointerTo(pointer, name)}
            label={name === '' ? 'value' : name}
            isRequired={true}
            onChange={next => change(index, [name, next])}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`Remove ${name}`}
            onClick={() => onChange(fromMembers(members.filter((_, at) => at !== index)))}
          >
            remove
          </button>
        </div>
      ))}
      <button type="button" class="add" onClick={() => onChange(addMember(value, schema, components))}>
        Add a name
      </button>
    </div>
  )
}

function fromMembers(members: readonly (readonly [string, Value])[]): ValueObject {
  return Object.fromEntries(members)
}

function schemaOf({ additionalProperties, patternProperties = {} }: Schema, name: string): Schema {
  const fitting = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, 'u').test(name))
  return fitting?.[1] ?? (additionalProperties || Object.values(patternProperties)[0]) ?? {}
}

function addMember(value: Value, schema: Schema, components: Components): ValueObject {
  const former = isObject(value) ? value : {}
  let name = 'name'
  for (let number = 2; Object.hasOwn(former, name); number += 1) name = `name${number}`
  const member = blank(schemaOf(schema, name), components)
  return { ...former, [name]: member === undefined ? kindDefault(schemaOf(schema, name), components) : member }
}

/** A member exists as soon as it has a name, before its value is typed. */
function kindDefault(schema: Schema, components: Components): Value {
  return kindOf(splitNull(resolve(schema, components)).schema, components) === 'text' ? '' : undefined
}

/** Optional fields that are left out: one line until it is opened. */
export function AbsentGroup({ schema, pointer, label, onChange }: FieldProps): JSX.Element {
  const { components, errors } = useForm()
  const wrong = errors.get(pointer)
  return (
    <div class={`field absent${wrong === undefined ? '' : ' wrong'}`} data-pointer={pointer} data-kind="absent">
      <button
        type="button"
        class="add"
        aria-label={`Add ${label}`}
        onClick={() => onChange(blank(schema, components) ?? {})}
      >
        + <span>{label}</span>
      </button>
      {schema.description !== undefined && <span class="hint">{schema.description}</span>}
      {wrong !== undefined && <p class="error">{wrong.join('; ')}</p>}
    </div>
  )
}
