import type { Definitions, JSONSchema, ParameterSignature, PredictSignature, ReturnSignature, Role } from 'incant'

const MAX_LENGTH = 60

/** The type of a parameter of which nothing but its role is known. */
const ROLE_TYPES: Readonly<Record<Role, string>> = {
  payload: 'unknown',
  text: 'string',
  bytes: 'Uint8Array',
  blob: 'Blob',
  stream: 'ReadableStream',
  form: 'FormData',
  request: 'Request',
  context: 'PredictContext',
  tasks: 'BackgroundTasks',
}

/** A signature on one line: `Predictor.predict(payload: Passage) → { language: string }`. */
export function describeSignature(signature: PredictSignature): string {
  const parameters = signature.parameters.map(parameter => describeParameter(parameter, signature.definitions))
  return `${signature.className}.predict(${parameters.join(', ')}) → ${describeReturns(signature)}`
}

function describeParameter(parameter: ParameterSignature, definitions: Definitions): string {
  const { name, role, type, schema, optional } = parameter
  const shown = type ?? (schema === undefined ? ROLE_TYPES[role] : describeType(schema, definitions))
  return `${name}${optional === true ? '?' : ''}: ${shorten(shown)}`
}

function describeReturns({ returns, definitions }: PredictSignature): string {
  const forms = new Set(returns.map(form => describeReturn(form, definitions)))
  return forms.size === 0 ? 'unknown' : [...forms].join(' | ')
}

function describeReturn({ kind, schema }: ReturnSignature, definitions: Definitions): string {
  if (kind === 'response') return 'Response'
  if (kind !== 'json' && kind !== 'stream') return kind
  const type = schema === undefined ? 'unknown' : shorten(describeType(schema, definitions))
  return kind === 'stream' ? `stream of ${type}` : type
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line
}

/** A schema in the words of TypeScript, not deeper than a line can show. */
export function describeType(schema: JSONSchema, definitions: Definitions, depth = 0): string {
  if (schema['x-incant-type'] !== undefined) return schema['x-incant-type']
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(form => describeType(form, definitions, depth)).join(' | ')
  if (typeof schema.type !== 'string') return schema.type?.join(' | ') ?? 'unknown'
  if (schema.type === 'integer') return 'number'
  if (schema.type === 'array') return describeArray(schema, definitions, depth)
  return schema.type === 'object' ? describeObject(schema, definitions, depth) : schema.type
}

function describeArray({ prefixItems, items }: JSONSchema, definitions: Definitions, depth: number): string {
  if (prefixItems !== undefined)
    return `[${prefixItems.map(item => describeType(item, definitions, depth)).join(', ')}]`
  const item = items === undefined || items === false ? 'unknown' : describeType(items, definitions, depth)
  return item.includes(' ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function describeObject(schema: JSONSchema, definitions: Definitions, depth: number): string {
  const { properties = {}, required = [], additionalProperties } = schema
  const members = Object.entries(properties).map(([name, member]) => {
    const mark = required.includes(name) ? '' : '?'
    return depth > 1 ? `${name}${mark}` : `${name}${mark}: ${describeType(member, definitions, depth + 1)}`
  })
  if (members.length > 0) return `{ ${members.join(', ')} }`
  return additionalProperties === undefined || additionalProperties === false
    ? 'object'
    : `Record<string, ${describeType(additionalProperties, definitions, depth + 1)}>`
}
