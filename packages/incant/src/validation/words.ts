import type { JSONTypeName, JSONValue } from '../schema/json-schema.ts'

const NOTHING_ALLOWED = 'must not be there: no value is allowed'
const MAX_LISTED = 20
const MAX_VALUE_LENGTH = 80

const TYPE_WORDS: { readonly [type in JSONTypeName]: string } = {
  null: 'null',
  boolean: 'a boolean',
  number: 'a number',
  integer: 'an integer',
  string: 'a string',
  array: 'an array',
  object: 'an object',
}

/** `must be a string or null`. */
export function typeMessage(types: Iterable<JSONTypeName>): string {
  const words = [...types].map(type => TYPE_WORDS[type])
  return words.length === 0 ? NOTHING_ALLOWED : `must be ${alternatives(words)}`
}

/** `must be one of "a", "b"`. The values are the schema's own, never the caller's. */
export function valuesMessage(values: readonly JSONValue[]): string {
  if (values.length === 0) return NOTHING_ALLOWED
  const listed = values.slice(0, MAX_LISTED).map(quote)
  const rest = values.length - listed.length
  if (values.length === 1) return `must be ${listed[0]}`
  return `must be one of ${listed.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** `1 item`, `2 items`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

function alternatives(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function quote(value: JSONValue): string {
  const text = JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
