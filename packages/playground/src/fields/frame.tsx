import type { ComponentChildren, JSX } from 'preact'
import type { ControlNames, FieldProps } from './field-props.ts'
import { useForm } from './form-context.ts'
import { describeHint } from './hint.ts'

interface FrameProps {
  readonly field: FieldProps
  readonly kind: string
  /** Whether the value may be null. */
  readonly isNullable: boolean
  /** Whether the label belongs to one control; else it is the legend of a group. */
  readonly isSingle: boolean
  readonly children: (names: ControlNames) => ComponentChildren
}

/** The label, hint, description and errors around a field. */
export function Frame({ field, kind, isNullable, isSingle, children }: FrameProps): JSX.Element {
  const { pointer } = field
  const { errors } = useForm()
  const found = errors.get(pointer) ?? []
  const id = `field-${encodeURIComponent(pointer)}`
  const help = field.schema.description === undefined ? undefined : `${id}-help`
  const wrong = found.length === 0 ? undefined : `${id}-error`
  const describedBy = [help, wrong].filter(part => part !== undefined).join(' ')
  const names: ControlNames = {
    id,
    ...(describedBy === '' ? {} : { 'aria-describedby': describedBy }),
    ...(wrong === undefined ? {} : { 'aria-invalid': true }),
  }
  const body = (
    <>
      {help !== undefined && (
        <p class="help" id={help}>
          {field.schema.description}
        </p>
      )}
      {children(names)}
      {wrong !== undefined && (
        <p class="error" id={wrong}>
          {found.join('; ')}
        </p>
      )}
    </>
  )
  const attributes = {
    class: `field kind-${kind}${wrong === undefined ? '' : ' wrong'}`,
    'data-pointer': pointer,
    'data-kind': kind,
  }
  const tools = <Tools field={field} isNullable={isNullable} />
  if (isSingle) {
    return (
      <div {...attributes}>
        <div class="head">
          <label class="label" for={id} id={`${id}-label`}>
            {field.label}
          </label>
          {tools}
        </div>
        {body}
      </div>
    )
  }
  return (
    <fieldset {...attributes} {...(describedBy === '' ? {} : { 'aria-describedby': describedBy })}>
      <legend class="label" id={`${id}-label`}>
        {field.label}
      </legend>
      <div class="head">{tools}</div>
      {body}
    </fieldset>
  )
}

/** The hint and the buttons beside the label. */
function Tools({ field, isNullable }: Pick<FrameProps, 'field' | 'isNullable'>): JSX.Element {
  const { schema, value, label, isRequired, onChange } = field
  const hint = describeHint(schema, isRequired)
  return (
    <span class="tools">
      {hint !== '' && <span class="hint">{hint}</span>}
      {isNullable && (
        <label class="null">
          <input
            type="checkbox"
            checked={value === null}
            aria-label={`${label}: null`}
            onChange={event => onChange(event.currentTarget.checked ? null : undefined)}
          />
          null
        </label>
      )}
      {(!isRequired || schema.default !== undefined) && value !== undefined && (
        <button type="button" class="quiet" aria-label={`Leave out ${label}`} onClick={() => onChange(undefined)}>
          leave out
        </button>
      )}
    </span>
  )
}
