import type { JSONValue } from 'incant'
import type { Schema } from '../document/openapi.ts'
import { isCredential } from '../sign-in/methods.ts'
import { type Components, resolve } from './resolve.ts'

/** How a schema is drawn. */
export type Kind =
  /** Nothing to choose: a constant, a member that is never present, a credential that is asked for elsewhere. */
  | 'hidden'
  | 'null'
  | 'choice'
  | 'file'
  | 'union'
  | 'boolean'
  | 'number'
  | 'text'
  | 'numbers'
  | 'matrix'
  | 'checks'
  | 'rows'
  | 'tuple'
  | 'record'
  | 'object'
  | 'json'

const ANY_OBJECT = new Set(['object', 'array'])

/** Chooses how to draw a resolved schema without null: by its constants, else its alternatives, else its type. */
export function kindOf(schema: Schema, components: Components): Kind {
  if (schema.const !== undefined || schema.not !== undefined || isCredential(schema)) return 'hidden'
  if (schema.enum !== undefined) return 'choice'
  if (schema.anyOf !== undefined) return 'union'
  const { type } = schema
  if (Array.isArray(type)) return type.some(name => ANY_OBJECT.has(name)) ? 'json' : 'union'
  switch (type) {
    case 'string':
      return schema.contentEncoding === 'base64' || schema.format === 'binary' ? 'file' : 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return kindOfArray(schema, components)
    case 'object':
      return kindOfObject(schema)
    default:
      return 'json'
  }
}

function kindOfArray(
  { prefixItems, items, maxItems = Number.POSITIVE_INFINITY }: Schema,
  components: Components,
): Kind {
  if (prefixItems !== undefined) return 'tuple'
  if (items === undefined || items === false) return 'json'
  const item = resolve(items, components)
  if (item.enum !== undefined) return 'checks'
  if (isNumber(item) || item.format === 'int64' || item.format === 'uint64') return maxItems <= 8 ? 'rows' : 'numbers'
  const inner =
    item.type === 'array' && item.items !== undefined && item.items !== false && item.prefixItems === undefined
  return inner && item.items && isNumber(resolve(item.items, components)) ? 'matrix' : 'rows'
}

function isNumber({ type, enum: choices }: Schema): boolean {
  return (type === 'number' || type === 'integer') && choices === undefined
}

function kindOfObject({ properties = {}, additionalProperties, patternProperties }: Schema): Kind {
  if (Object.keys(properties).length > 0) return 'object'
  return additionalProperties || patternProperties !== undefined ? 'record' : 'object'
}

/** The alternatives of a union, each resolved. */
export function alternativesOf(schema: Schema, components: Components): readonly Schema[] {
  if (schema.anyOf !== undefined) return schema.anyOf.map(each => resolve(each, components))
  const { type } = schema
  return Array.isArray(type) ? type.map(name => ({ ...schema, type: name })) : [schema]
}

/** The options of a choice. */
export function choicesOf({ enum: choices = [] }: Schema): readonly JSONValue[] {
  return choices
}
