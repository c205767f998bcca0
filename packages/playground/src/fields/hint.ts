import type { Schema } from '../document/openapi.ts'

/** The type and limits of a field in a few words, shown beside its label. */
export function describeHint(schema: Schema, isRequired: boolean): string {
  const parts = [describeRange(schema), describeLength(schema), describeItems(schema), describeFormat(schema)]
  const fallback = schema.default === undefined ? (isRequired ? '' : 'optional') : `default ${shorten(schema.default)}`
  return [...parts, fallback].filter(part => part !== '').join(', ')
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}

function describeRange({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema): string {
  const low = minimum ?? exclusiveMinimum
  const high = maximum ?? exclusiveMaximum
  const step = multipleOf === undefined ? (type === 'integer' ? 'integer' : '') : `in steps of ${multipleOf}`
  if (type !== 'number' && type !== 'integer') return ''
  if (low !== undefined && high !== undefined && minimum !== undefined && maximum !== undefined) {
    return [step, `${low} to ${high}`].filter(part => part !== '').join(', ')
  }
  const least = low === undefined ? '' : `${minimum === undefined ? 'more than' : 'at least'} ${low}`
  const most = high === undefined ? '' : `${maximum === undefined ? 'less than' : 'at most'} ${high}`
  return [step, least, most].filter(part => part !== '').join(', ')
}

function describeLength({ type, minLength = 0, maxLength }: Schema): string {
  if (type !== 'string') return ''
  // A minimum length of 1 is not mentioned: the label already says that the field is required.
  if (minLength > 1 && maxLength !== undefined) return `${minLength} to ${maxLength} characters`
  if (minLength > 1) return `at least ${minLength} characters`
  return maxLength === undefined ? '' : `at most ${maxLength.toLocaleString('en')} characters`
}

function describeItems({ type, minItems = 0, maxItems, prefixItems, uniqueItems = false }: Schema): string {
  if (type !== 'array' || prefixItems !== undefined) return ''
  const unique = uniqueItems ? ', each once' : ''
  if (minItems > 0 && maxItems !== undefined) return `${minItems} to ${maxItems} items${unique}`
  if (minItems > 0) return `at least ${minItems} item${minItems > 1 ? 's' : ''}${unique}`
  return maxItems === undefined ? unique.slice(2) : `at most ${maxItems} items${unique}`
}

function describeFormat(schema: Schema): string {
  const { format, contentMediaType } = schema
  if (schema['x-incant-type'] === 'bigint') return 'integer of any size'
  if (contentMediaType !== undefined) return contentMediaType
  return format === undefined || ['binary', 'multiline'].includes(format) ? '' : format
}
