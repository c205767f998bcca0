import type { Definitions, JSONSchema } from '../../../schema/json-schema.ts'
import type { PredictSignature } from '../../../signature/signature.ts'
import { definitionOf, typeNames } from '../../../validation/json-types.ts'
import { invalidValue, unsupported } from '../refusal.ts'
import type { ApiRequest } from './request-of.ts'

/** Inputs of one request, each of which is a call of predict. */
export interface InputLimits {
  readonly name: string
  readonly maximum: number
}

/** One input: a text, or its tokens as numbers. */
export type Input = string | readonly number[]

/** The inputs of a member that is one text or a list of them, or of tokens where predict takes those. */
export function readInputs(
  value: unknown,
  { takesTokens, ...limits }: InputLimits & { readonly takesTokens: boolean },
): readonly Input[] {
  if (!takesTokens) return readTexts(value, limits)
  const inputs = isTokens(value) ? [value] : listOf(value, limits)
  if (inputs.every(input => typeof input === 'string' || isTokens(input))) return inputs
  const { name } = limits
  throw invalidValue(name, `${name} must be a string, a list of integers, or a list of those.`)
}

/** The texts of a member that is one text or a list of them. */
export function readTexts(value: unknown, limits: InputLimits): readonly string[] {
  const { name } = limits
  const texts = listOf(value, limits)
  if (texts.some(text => typeof text === 'number' || Array.isArray(text))) {
    throw unsupported(name, `This model does not take tokens in ${name}: send text.`)
  }
  if (texts.every(text => typeof text === 'string')) return texts
  throw invalidValue(name, `${name} must be a string, or a list of strings.`)
}

function listOf(value: unknown, { name, maximum }: InputLimits): readonly unknown[] {
  const list: unknown = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || list.length === 0) {
    throw invalidValue(name, `${name} must be a string, or a list of strings that is not empty.`)
  }
  // Numbers are the tokens of one input, however many they are.
  if (list.length > maximum && typeof list[0] !== 'number') {
    throw invalidValue(name, `${name} must have at most ${maximum} texts.`)
  }
  return list
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isSafeInteger)
}

/** Whether the type of a member of a request names lists of numbers. */
export function namesTokens({ parameter }: ApiRequest, name: string, { definitions }: PredictSignature): boolean {
  const members = alternatives(parameter.schema ?? {}, definitions).flatMap(
    ({ properties }) => properties?.[name] ?? [],
  )
  return members.some(member => alternatives(member, definitions).some(isTokensSchema))
}

/** The schema of one input, from that of a member that takes one or several. */
export function inputSchema(member: JSONSchema, definitions: Definitions): JSONSchema {
  const all = alternatives(member, definitions)
  const texts = all.filter(schema => !typeNames(schema).includes('array'))
  const tokens = all
    .filter(isTokensSchema)
    .map(schema => ({ ...schema, items: { type: 'integer' as const }, minItems: 1 }))
  const [only = member, ...others] = [...texts, ...tokens]
  return others.length === 0 ? only : { anyOf: [only, ...others] }
}

function isTokensSchema(schema: JSONSchema): boolean {
  const { items } = schema
  if (!typeNames(schema).includes('array') || typeof items !== 'object') return false
  return typeNames(items).every(type => type === 'number' || type === 'integer')
}

/** The alternatives of a schema, references followed. Unions of a request are neither deep nor recursive. */
function alternatives(schema: JSONSchema, definitions: Definitions): readonly JSONSchema[] {
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  if (target !== undefined) return alternatives(target, definitions)
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(part => alternatives(part, definitions))
}
