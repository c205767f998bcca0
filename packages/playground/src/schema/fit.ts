import type { Schema } from '../document/openapi.ts'
import { type Components, resolve } from './resolve.ts'
import { isArray, isObject, type Value } from './value.ts'

/**
 * Whether a value looks like one of a schema: type, constants and required members, which is enough to tell the
 * alternatives of a union apart. The server decides what is valid.
 */
export function fits(schema: Schema, value: Value, components: Components): boolean {
  const { type, const: constant, enum: choices, anyOf, properties = {}, required = [] } = resolve(schema, components)
  if (constant !== undefined) return value === constant
  if (choices !== undefined) return choices.some(choice => choice === value)
  if (anyOf !== undefined) return anyOf.some(each => fits(each, value, components))
  if (type !== undefined && ![type].flat().includes(typeOf(value))) {
    return [type].flat().includes('number') && typeof value === 'number'
  }
  if (!isObject(value)) return true
  return (
    required.every(name => value[name] !== undefined) &&
    Object.entries(properties).every(([name, member]) => {
      const { const: tag } = resolve(member, components)
      return tag === undefined || value[name] === undefined || value[name] === tag
    })
  )
}

type TypeName = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object'

function typeOf(value: Value): TypeName {
  if (value === null) return 'null'
  if (isArray(value)) return 'array'
  switch (typeof value) {
    case 'boolean':
      return 'boolean'
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number'
    case 'string':
      return 'string'
    default:
      return 'object'
  }
}

/** Finds the alternative of a value: the chosen one as long as it fits, else the first that does. */
export function chooseAlternative(
  alternatives: readonly Schema[],
  value: Value,
  options: { readonly chosen: number; readonly components: Components },
): number {
  const { chosen, components } = options
  const current = alternatives[chosen]
  if (value === undefined || (current !== undefined && fits(current, value, components))) return chosen
  const found = alternatives.findIndex(each => fits(each, value, components))
  return found < 0 ? chosen : found
}

/** The part of a value that fits another alternative: the members that both have, except constants. */
export function keepFitting(value: Value, from: Schema, to: Schema): Value {
  if (!isObject(value)) return undefined
  const { properties = {} } = to
  const kept = Object.entries(value).filter(([name]) => {
    const [before, after] = [from.properties?.[name], properties[name]]
    return before !== undefined && after !== undefined && JSON.stringify(before) === JSON.stringify(after)
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
