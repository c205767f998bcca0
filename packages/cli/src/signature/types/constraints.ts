import { isMediaRangeList, type JSONSchema, type JSONTypeName, type JSONValue } from 'incant/internal/signature'
import type { Constraint, Restriction } from './constraint.ts'
import type { Slots } from './slots.ts'
import { TENSOR_CONSTRAINTS, withTensor } from './tensor-constraints.ts'

const numeric = (tag: string, keyword: keyof JSONSchema, read: Constraint['read'] = readNumber): Constraint => ({
  tag,
  keyword,
  kind: 'number',
  appliesTo: 'numbers',
  expected: tag === 'multipleOf' ? 'a number above 0' : 'a number',
  sample: `a number: @${tag} 1`,
  read,
})

const count = (tag: string, keyword: keyof JSONSchema, kind: 'string' | 'array'): Constraint => ({
  tag,
  keyword,
  kind,
  appliesTo: kind === 'string' ? 'strings' : 'arrays',
  expected: 'a whole number, 0 or more',
  sample: `a whole number: @${tag} 1`,
  read: text => (/^\d+$/.test(text) ? Number(text) : undefined),
})

const flag = (tag: string, details: Pick<Constraint, 'keyword' | 'kind' | 'appliesTo'>): Constraint => ({
  tag,
  ...details,
  expected: 'empty',
  sample: `the tag alone: @${tag}`,
  read: text => (text === '' || text === 'true' ? true : undefined),
})

const CONSTRAINTS: readonly Constraint[] = [
  numeric('minimum', 'minimum'),
  numeric('maximum', 'maximum'),
  numeric('exclusiveMinimum', 'exclusiveMinimum'),
  numeric('exclusiveMaximum', 'exclusiveMaximum'),
  numeric('multipleOf', 'multipleOf', text => ((readNumber(text) ?? 0) > 0 ? readNumber(text) : undefined)),
  flag('integer', { keyword: 'type', kind: 'number', appliesTo: 'numbers' }),
  count('minLength', 'minLength', 'string'),
  count('maxLength', 'maxLength', 'string'),
  {
    tag: 'pattern',
    keyword: 'pattern',
    kind: 'string',
    appliesTo: 'plain strings',
    expected: 'a regular expression that compiles with the u flag',
    sample: 'a regular expression without slashes: @pattern ^[a-z]+$',
    read: readPattern,
  },
  {
    tag: 'format',
    keyword: 'format',
    kind: 'string',
    appliesTo: 'plain strings',
    expected: 'one word',
    sample: 'one word: @format email',
    read: text => (/^[\w-]+$/.test(text) ? text : undefined),
  },
  {
    tag: 'contentMediaType',
    keyword: 'contentMediaType',
    kind: 'string',
    appliesTo: 'strings, bytes and files',
    expected: 'a list of media types',
    sample: 'media types, separated by commas: @contentMediaType image/*',
    read: text => (isMediaRangeList(text) ? text : undefined),
  },
  count('minItems', 'minItems', 'array'),
  count('maxItems', 'maxItems', 'array'),
  flag('uniqueItems', { keyword: 'uniqueItems', kind: 'array', appliesTo: 'arrays' }),
  {
    tag: 'additionalProperties',
    keyword: 'additionalProperties',
    kind: 'object',
    appliesTo: 'object types with named members',
    expected: 'false',
    sample: '@additionalProperties false',
    read: text => (text === 'false' ? false : undefined),
  },
  ...TENSOR_CONSTRAINTS,
]

/** The tags that restrict values. */
export const CONSTRAINT_TAGS: readonly string[] = CONSTRAINTS.map(({ tag }) => tag)

/** Whether a tag changes which values are accepted: a constraint, or a default, without which a member is required. */
export function isConstraining(tag: string): boolean {
  return tag === 'default' || CONSTRAINT_TAGS.includes(tag)
}

/** The constraint of a JSDoc tag, if it is one. */
export function findConstraint(tag: string): Constraint | undefined {
  return CONSTRAINTS.find(constraint => constraint.tag === tag)
}

/**
 * A schema with a constraint where it applies: to the schema itself, to the alternatives it fits, or, for what an array
 * cannot have, to the array's items. `undefined` where it applies to nothing.
 */
export function constrain(slots: Slots, schema: JSONSchema, restriction: Restriction): JSONSchema | undefined {
  const { constraint } = restriction
  const target = slots.dereference(schema)
  if (target === undefined) return undefined
  if (constraint.kind === 'tensor') return withTensor(target, restriction)
  if (takes(target, constraint)) return withKeyword(target, restriction)
  if (target.anyOf !== undefined) return constrainAlternatives(slots, { ...target, anyOf: target.anyOf }, restriction)
  if (constraint.kind === 'object' || !target.items) return undefined
  const items = constrain(slots, target.items, restriction)
  if (items === undefined || target['x-incant-type'] === undefined) return items && { ...target, items }
  // The pattern of 64 bits is complete; the range of elements is never widened.
  return items.type === 'string' ? undefined : { ...target, items: narrow(items, target.items) }
}

function narrow(items: JSONSchema, { minimum = -Infinity, maximum = Infinity }: JSONSchema): JSONSchema {
  return {
    ...items,
    ...(minimum > -Infinity && { minimum: Math.max(minimum, items.minimum ?? minimum) }),
    ...(maximum < Infinity && { maximum: Math.min(maximum, items.maximum ?? maximum) }),
  }
}

function constrainAlternatives(
  slots: Slots,
  target: JSONSchema & { readonly anyOf: readonly JSONSchema[] },
  restriction: Restriction,
): JSONSchema | undefined {
  const alternatives = target.anyOf
  const constrained = alternatives.map(alternative => constrain(slots, alternative, restriction))
  if (constrained.every(alternative => alternative === undefined)) return undefined
  return { ...target, anyOf: alternatives.map((alternative, index) => constrained[index] ?? alternative) }
}

function takes(schema: JSONSchema, { kind, keyword }: Constraint): boolean {
  const types = typesOf(schema)
  if (kind === 'array') return types.includes('array')
  if (kind === 'object') return schema.properties !== undefined && schema.additionalProperties === undefined
  if (schema.enum !== undefined || schema.const !== undefined) return false
  if (kind === 'number') return types.includes('number') || types.includes('integer')
  if (keyword === 'contentMediaType') return types.includes('string') && isText(schema)
  const taken = keyword === 'pattern' && schema.pattern !== undefined
  return types.includes('string') && schema['x-incant-type'] === undefined && !taken
}

/** Not a date or a number written as a string. */
function isText({ 'x-incant-type': decoded, contentEncoding, format }: JSONSchema): boolean {
  return decoded === undefined || contentEncoding !== undefined || format === 'binary'
}

function withKeyword(schema: JSONSchema, { constraint: { keyword }, value }: Restriction): JSONSchema {
  if (keyword !== 'type') return { ...schema, [keyword]: value }
  const types = typesOf(schema).map(type => (type === 'number' ? 'integer' : type))
  const [only, ...others] = types
  return { ...schema, ...(only !== undefined && { type: others.length === 0 ? only : types }) }
}

/** The `type` keyword as a list. */
export function typesOf({ type }: JSONSchema): readonly JSONTypeName[] {
  // The guard narrows arrays only; `Array.isArray` knows no readonly ones.
  return type === undefined ? [] : typeof type === 'string' ? [type] : type
}

/** Whether a value is of a schema's kind: its type, its literals, its bounds. Members are not looked at. */
export function fits(slots: Slots, schema: JSONSchema, value: JSONValue): boolean {
  const target = slots.dereference(schema)
  if (target === undefined) return true
  if (target.anyOf !== undefined) return target.anyOf.some(alternative => fits(slots, alternative, value))
  const literals = target.enum ?? (target.const === undefined ? undefined : [target.const])
  if (literals !== undefined) return literals.includes(value)
  const types = typesOf(target)
  if (types.length > 0 && !types.some(type => isOfType(value, type))) return false
  return typeof value === 'number' ? isWithin(target, value) : true
}

function isOfType(value: JSONValue, type: JSONTypeName): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function isWithin(schema: JSONSchema, value: number): boolean {
  return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
}

function readNumber(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

function readPattern(text: string): string | undefined {
  try {
    return text === '' ? undefined : new RegExp(text, 'u').source
  } catch {
    return undefined
  }
}
