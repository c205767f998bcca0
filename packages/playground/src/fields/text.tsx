import type { InputHTMLAttributes, JSX } from 'preact'
import type { Schema } from '../document/openapi.ts'
import type { ControlProps } from './field-props.ts'
import { fromLocal, toLocal } from './local-time.ts'

/** The native input for a format. Each is written out, since the types have different attributes. */
const INPUTS: Readonly<Record<string, (attributes: LineAttributes) => JSX.Element>> = {
  email: attributes => <input {...attributes} type="email" />,
  uri: attributes => <input {...attributes} type="url" />,
  date: ({ 'aria-required': _, ...attributes }) => <input {...attributes} type="date" />,
  color: ({ 'aria-required': _, ...attributes }) => <input {...attributes} type="color" />,
  password: attributes => <input {...attributes} type="password" />,
}

type LineAttributes = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'list' | 'role'>

/** The share of the maximum length from which the length is shown. */
const NEARLY = 0.8

/** The longest text for a single-line input. */
const ONE_LINE = 120

/** A string: one line if it is short, else an area that grows with its text. */
export function TextControl(props: ControlProps): JSX.Element {
  const { format = '' } = props.schema
  if (format === 'date-time') return <DateTimeControl {...props} />
  if (format === 'time') return <TimeControl {...props} />
  return isLine(props.schema) ? <LineControl {...props} /> : <AreaControl {...props} />
}

function isLine(schema: Schema): boolean {
  const { format = '', maxLength = Number.POSITIVE_INFINITY, examples = [] } = schema
  if (format === 'multiline') return false
  if (schema['x-incant-type'] === 'bigint' || format !== '') return true
  return maxLength <= ONE_LINE && !examples.some(example => String(example).includes('\n'))
}

function LineControl({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  const isBig = schema['x-incant-type'] === 'bigint' || schema.format === 'int64' || schema.format === 'uint64'
  const attributes: LineAttributes = {
    ...names,
    ...(isBig ? { inputMode: 'numeric' } : {}),
    class: value === undefined ? 'untouched' : '',
    autocomplete: 'off',
    spellcheck: false,
    'aria-required': isRequired,
    disabled: isDisabled,
    placeholder: placeholderOf(schema),
    value: typeof value === 'string' ? value : '',
    onInput: event => onChange(event.currentTarget.value),
  }
  return INPUTS[schema.format ?? '']?.(attributes) ?? <input {...attributes} type="text" />
}

function AreaControl({ schema, value, names, isDisabled, isRequired, onChange }: ControlProps): JSX.Element {
  const text = typeof value === 'string' ? value : ''
  const { maxLength } = schema
  return (
    <>
      <textarea
        {...names}
        rows={2}
        class={value === undefined ? 'untouched' : ''}
        aria-required={isRequired}
        disabled={isDisabled}
        placeholder={placeholderOf(schema)}
        value={text}
        onInput={event => onChange(event.currentTarget.value)}
      />
      {maxLength !== undefined && text.length > maxLength * NEARLY && (
        <span class="counter">{`${[...text].length} of ${maxLength}`}</span>
      )}
    </>
  )
}

/** Shown in the zone of the browser, sent as RFC 3339 in UTC. */
function DateTimeControl({ value, names, isDisabled, onChange }: ControlProps): JSX.Element {
  return (
    <>
      <input
        {...names}
        type="datetime-local"
        step="any"
        disabled={isDisabled}
        value={typeof value === 'string' ? toLocal(value) : ''}
        onInput={event => onChange(fromLocal(event.currentTarget.value))}
      />
      <span class="counter">{typeof value === 'string' && value !== '' ? value : 'your time zone, sent as UTC'}</span>
    </>
  )
}

function TimeControl({ value, names, isDisabled, onChange }: ControlProps): JSX.Element {
  return (
    <>
      <input
        {...names}
        type="time"
        step="1"
        disabled={isDisabled}
        value={typeof value === 'string' ? value.slice(0, 8) : ''}
        onInput={event => onChange(toTime(event.currentTarget.value))}
      />
      <span class="counter">UTC</span>
    </>
  )
}

function toTime(text: string): string | undefined {
  if (text === '') return undefined
  return `${text.length === 5 ? `${text}:00` : text}Z`
}

function placeholderOf({ default: fallback }: Schema): string {
  return fallback === undefined ? '' : typeof fallback === 'string' ? fallback : JSON.stringify(fallback)
}
