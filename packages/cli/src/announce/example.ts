import type { Definitions, JSONSchema, JSONTypeName, JSONValue } from 'incant'

/** Below it, optional members are left out, so that a recursive type comes to an end. */
const MAX_DEPTH = 5
const MAX_ITEMS = 16
const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00Z',
  duration: 'PT1M',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/',
  int64: '1',
  uint64: '1',
  uuid: '6b1f7d5e-3c2a-4f0e-9d8b-1a2b3c4d5e6f',
}

/**
 * A value for a schema: its `@example` if it has one, then its default, then one composed from its constraints. It is a
 * proposal: patterns, for example, are not solved. Validate it before it is shown.
 */
export function proposeExample(schema: JSONSchema, definitions: Definitions, depth = 0): JSONValue {
  const written = schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0]
  if (written !== undefined) return written
  if (schema.$ref !== undefined)
    return proposeExample(definitions[schema.$ref.replace('#/$defs/', '')] ?? {}, definitions, depth + 1)
  if (schema.anyOf !== undefined) return proposeExample(chooseAlternative(schema.anyOf, depth), definitions, depth)
  return EXAMPLES[typeOf(schema)](schema, definitions, depth)
}

/** The first that says something; deep down the last, which in a recursive type is most often its end. */
function chooseAlternative(alternatives: readonly JSONSchema[], depth: number): JSONSchema {
  const telling = alternatives.filter(alternative => alternative.type !== 'null')
  return (depth < MAX_DEPTH ? telling[0] : alternatives.at(-1)) ?? {}
}

/** Where anything goes, an object goes. */
function typeOf({ type = 'object' }: JSONSchema): JSONTypeName {
  if (typeof type === 'string') return type
  return type.find(name => name !== 'null') ?? 'null'
}

type Proposal = (schema: JSONSchema, definitions: Definitions, depth: number) => JSONValue

const EXAMPLES: Readonly<Record<JSONTypeName, Proposal>> = {
  null: () => null,
  boolean: () => true,
  number: proposeNumber,
  integer: proposeNumber,
  string: proposeString,
  array: proposeArray,
  object: proposeObject,
}

function proposeNumber(schema: JSONSchema): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const step = multipleOf ?? 1
  const low = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + step)
  const high = maximum ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - step)
  const wanted = Math.min(Math.max(step, low ?? step), high ?? Number.POSITIVE_INFINITY)
  const fitting = multipleOf === undefined ? wanted : Math.ceil(wanted / multipleOf) * multipleOf
  const isBetween = exclusiveMinimum !== undefined && exclusiveMaximum !== undefined && fitting <= exclusiveMinimum
  return isBetween ? (exclusiveMinimum + exclusiveMaximum) / 2 : fitting
}

function proposeString(schema: JSONSchema): string {
  const { format = '', minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  if (schema['x-incant-type'] === 'bigint') return '1'
  if (schema.contentEncoding === 'base64') return 'aGVsbG8='
  return (BY_FORMAT[format] ?? 'text').padEnd(Math.min(minLength, 10_000), '.').slice(0, maxLength)
}

function proposeArray(schema: JSONSchema, definitions: Definitions, depth: number): JSONValue {
  const { prefixItems = [], items = {}, minItems, maxItems = MAX_ITEMS } = schema
  const leading = prefixItems.map(item => proposeExample(item, definitions, depth + 1))
  const isOpen = prefixItems.length === 0 && depth < MAX_DEPTH ? 1 : 0
  const rest = Math.min(Math.max((minItems ?? isOpen) - leading.length, 0), maxItems, MAX_ITEMS)
  if (items === false) return leading
  return [...leading, ...Array.from({ length: rest }, () => proposeExample(items, definitions, depth + 1))]
}

/** Required members, and those with an example. */
function proposeObject(schema: JSONSchema, definitions: Definitions, depth: number): JSONValue {
  const { properties = {}, required = [] } = schema
  const shown = Object.entries(properties).filter(([name, member]) => required.includes(name) || isShown(member, depth))
  return Object.fromEntries(shown.map(([name, member]) => [name, proposeExample(member, definitions, depth + 1)]))
}

function isShown(member: JSONSchema, depth: number): boolean {
  return depth < MAX_DEPTH && (member.examples !== undefined || member.default !== undefined)
}
