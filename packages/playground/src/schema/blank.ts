import type { Schema } from '../document/openapi.ts'
import { alternativesOf } from './kind.ts'
import { type Components, resolve, splitNull } from './resolve.ts'
import type { Value } from './value.ts'

/** The depth at which the form of a recursive type ends. */
const MAX_DEPTH = 6

/**
 * The initial value of a form: constants, the first example of each required member, and no
 * optional members.
 */
export function blank(schema: Schema, components: Components, depth = 0): Value {
  const { schema: resolved, isNullable } = splitNull(resolve(schema, components))
  const written = resolved.const ?? resolved.examples?.[0]
  if (written !== undefined) return written
  if (resolved.enum !== undefined || resolved.not !== undefined) return undefined
  if (resolved.anyOf !== undefined || Array.isArray(resolved.type)) {
    const [first] = alternativesOf(resolved, components)
    return first === undefined || depth > MAX_DEPTH ? undefined : blank(first, components, depth + 1)
  }
  switch (resolved.type) {
    case 'object':
      return depth > MAX_DEPTH ? {} : blankObject(resolved, components, depth)
    case 'array':
      return depth > MAX_DEPTH ? [] : blankArray(resolved, components, depth)
    case 'boolean':
      return isNullable ? undefined : false
    case 'null':
      return null
    default:
      return undefined
  }
}

function blankObject({ properties = {}, required = [] }: Schema, components: Components, depth: number): Value {
  const members = Object.entries(properties).filter(([name, member]) => required.includes(name) && hasNoDefault(member))
  const values = members.map(([name, member]) => [name, blank(member, components, depth + 1)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

function hasNoDefault(schema: Schema): boolean {
  return schema.default === undefined && !schema['x-incant-credential']
}

function blankArray({ prefixItems = [], minItems = 0 }: Schema, components: Components, depth: number): Value {
  return prefixItems.slice(0, minItems).map(item => blank(item, components, depth + 1))
}
