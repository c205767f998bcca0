import type { JSONSchema } from 'incant/internal/signature'
import { type Checker, type Type, TypeFlags } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { isArray, isTuple } from '../compiler/lists.ts'
import { typeText } from '../compiler/type-text.ts'
import { findBuiltin } from './builtins.ts'
import { applyMarks, unmark } from './marks.ts'
import { presentSchema } from './members.ts'
import { objectSchema } from './object.ts'
import { memberPlace, type Place } from './problem.ts'
import { refuseType, type SchemaContext, schemaOf } from './schema-context.ts'

/** A primitive or an array with a brand is itself; objects together are one object with the members of each. */
export function intersectionSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker } = context
  // `{ a: string } & { a: null }` still lists parts, though no value is of it.
  if (isNever(checker, type)) return { not: {} }
  const { aliases } = unmark(context, type)
  const schema = joinParts(context, type, place)
  return applyMarks(context, schema, { aliases, place })
}

const nevers = new WeakMap<Checker, Type>()

function isNever(checker: Checker, type: Type): boolean {
  const never = nevers.get(checker) ?? checker.getNeverType()
  nevers.set(checker, never)
  return checker.isTypeAssignableTo(type, never)
}

function joinParts(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker } = context
  const [whole, ...others] = constituentsOf(type).filter(part => isWhole(context, part))
  if (whole === undefined) return objectSchema(context, type, place)
  if (others.length === 0) return schemaOf(context, whole, place)
  const wholes = [whole, ...others]
  if (wholes.every(part => isArray(checker, part))) return commonItems(context, type, place)
  return joinTexts(context, wholes, place) ?? refuseSeveral(context, wholes, place)
}

/** Primitives, arrays and standard classes, to which an intersection with an object can only add a brand. */
function isWhole({ checker, direction }: SchemaContext, type: Type): boolean {
  if (type.flags & (TypeFlags.Primitive | TypeFlags.Instantiable)) return true
  return isArray(checker, type) || isTuple(checker, type) || findBuiltin(checker, type, direction) !== undefined
}

/** Arrays together are one array, whose items are of each. */
function commonItems(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const index = context.checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & TypeFlags.Number)
  return { type: 'array', items: presentSchema(context, index?.valueType, memberPlace(place, '[]')) }
}

/** Templates together are a text that each of them matches. */
function joinTexts(context: SchemaContext, parts: readonly Type[], place: Place): JSONSchema | undefined {
  if (!parts.every(part => part.isTemplateLiteralType())) return undefined
  const patterns = parts.flatMap(part => schemaOf(context, part, place).pattern ?? [])
  const [last, ...others] = patterns.toReversed()
  if (last === undefined || patterns.length < parts.length) return undefined
  return { type: 'string', pattern: `${others.map(pattern => `(?=${pattern})`).join('')}${last}` }
}

function refuseSeveral(context: SchemaContext, parts: readonly Type[], place: Place): JSONSchema {
  const names = parts.map(part => typeText(context.checker, part))
  return refuseType(context, place, {
    what: `${names.join(' and ')} at once`,
    instead: `Write one of them: ${names[0]}.`,
  })
}
