import type { JSONSchema } from 'incant/signature'
import {
  type Checker,
  type NodeHandle,
  SymbolFlags,
  type TemplateLiteralType,
  type Type,
  TypeFlags,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'
import { findBuiltin } from './builtins.ts'
import { applyDocumentation, readDocumentation } from './documentation.ts'
import { objectSchema } from './object.ts'
import type { Place } from './problem.ts'
import { refuse, refuseType, type SchemaContext, schemaOf, touch } from './schema-context.ts'
import { slotReference } from './slots.ts'
import { templatePattern } from './template.ts'
import { unionSchema } from './union.ts'

/** A decimal integer in a string, since a JSON number loses digits past 2^53. */
const BIGINT: JSONSchema = { type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' }

/** As deep as the server lets JSON nest. */
const MAXIMUM_DEPTH = 64

/** Reads a type into its JSON Schema. */
export function readType(context: SchemaContext, type: Type, place: Place): JSONSchema {
  if (place.depth > MAXIMUM_DEPTH) {
    return refuse(
      context,
      { ...place, path: `${place.path.slice(0, 40)}…` },
      {
        code: 'unsupported_type',
        found: 'is a type that never ends: each level is a new one',
        instead: 'Write a type that refers to itself without growing.',
      },
    )
  }
  return isShared(context, type) ? sharedSchema(context, type, place) : convert(context, type, place)
}

/** Types that may be used more than once, or inside themselves: objects, enums, and unions with a name. */
function isShared(context: SchemaContext, type: Type): boolean {
  if (type.flags & TypeFlags.Object) return findBuiltin(context.checker, type, context.direction) === undefined
  return (type.flags & TypeFlags.UnionOrIntersection) !== 0 && ownSymbol(type) !== undefined
}

function sharedSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker, slots, direction } = context
  const key = `${direction}:${type.id}`
  const known = slots.get(key)
  if (known !== undefined) {
    if (known.schema === undefined) known.recursive = true
    return slotReference(key)
  }
  const symbol = ownSymbol(type)
  const name = symbol && typeName(checker, type, symbol)
  const slot = { identity: type.id, name, hint: hintOf(place), recursive: false }
  slots.set(key, slot)
  const inner = { ...place, declaration: userDeclaration(symbol) ?? place.declaration }
  const schema = convert(context, type, place)
  const documented = symbol === undefined ? schema : documentType(context, schema, { symbol, place: inner })
  // The object is the slot in the table: the schema is what it was waiting for.
  Object.assign(slot, { schema: documented })
  return slotReference(key)
}

function documentType(
  context: SchemaContext,
  schema: JSONSchema,
  { symbol, place }: { readonly symbol: TypeSymbol; readonly place: Place },
): JSONSchema {
  if (originOf(symbol) === 'standard') return schema
  for (const declaration of symbol.declarations) touch(context, declaration)
  return applyDocumentation(context.slots, schema, { documentation: readDocumentation(context.checker, symbol), place })
}

/** The symbol that names a type: an alias, an interface, a class or an enum. */
function ownSymbol(type: Type): TypeSymbol | undefined {
  const alias = type.getAliasSymbol()
  if (alias !== undefined) return alias
  const symbol = type.getSymbol()
  const named = SymbolFlags.Interface | SymbolFlags.Class | SymbolFlags.Enum
  return symbol !== undefined && symbol.flags & named && originOf(symbol) !== 'standard' ? symbol : undefined
}

function typeName(checker: Checker, type: Type, symbol: TypeSymbol): string {
  return type.getAliasTypeArguments().length > 0 || type.isTypeReference() ? checker.typeToString(type) : symbol.name
}

function hintOf(place: Place): string {
  const word = place.path.match(/\w+(?=\W*$)/)?.[0] ?? 'Type'
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function userDeclaration(symbol: TypeSymbol | undefined): NodeHandle | undefined {
  return symbol !== undefined && originOf(symbol) === 'user' ? symbol.declarations[0] : undefined
}

function convert(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { flags } = type
  if (type.isErrorType()) return refuseUnresolved(context, place)
  if (flags & TypeFlags.AnyOrUnknown) return {}
  if (flags & TypeFlags.Union) return unionSchema(context, type.isUnionType() ? type.getTypes() : [], place)
  if (flags & TypeFlags.Object) return objectTypeSchema(context, type, place)
  if (flags & TypeFlags.Intersection) return intersectionSchema(context, type, place)
  if (flags & TypeFlags.Instantiable && !(flags & (TypeFlags.TemplateLiteral | TypeFlags.StringMapping))) {
    return constraintSchema(context, type, place)
  }
  return scalarSchema(context, type, place)
}

function refuseUnresolved(context: SchemaContext, place: Place): JSONSchema {
  touch(context, place.declaration)
  return refuse(context, place, {
    code: 'signature_type_error',
    found: 'has a type that does not compile',
    instead: 'Fix the type error.',
  })
}

function scalarSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { flags } = type
  if (type.isLiteralType()) return literalSchema(type.value)
  if (flags & TypeFlags.String) return { type: 'string' }
  if (flags & (TypeFlags.Number | TypeFlags.Enum)) return { type: 'number' }
  if (flags & TypeFlags.Boolean) return { type: 'boolean' }
  if (flags & TypeFlags.Null) return { type: 'null' }
  if (flags & TypeFlags.BigInt) return BIGINT
  if (flags & TypeFlags.NonPrimitive) return { type: ['object', 'array'], additionalProperties: {} }
  if (flags & (TypeFlags.Undefined | TypeFlags.Void | TypeFlags.Never)) return { not: {} }
  if (type.isTemplateLiteralType()) return templateSchema(context, type, place)
  if (flags & TypeFlags.ESSymbolLike) return refuseType(context, place, { what: 'a symbol', instead: 'Write string.' })
  return refuseType(context, place, {
    what: context.checker.typeToString(type),
    instead: 'Write string with @pattern.',
  })
}

function literalSchema(value: string | number | boolean | bigint): JSONSchema {
  if (typeof value === 'bigint') return { ...BIGINT, const: String(value) }
  const type = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean'
  return { type, const: value }
}

function templateSchema(context: SchemaContext, type: TemplateLiteralType, place: Place): JSONSchema {
  const pattern = templatePattern(type.texts, type.getTypes())
  if (pattern !== undefined) return { type: 'string', pattern }
  return refuseType(context, place, {
    what: 'a template with a placeholder that has no pattern',
    instead: 'Write string with @pattern.',
  })
}

/** A type parameter, `keyof T` and the like: what it is known to extend. */
function constraintSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const constraint = context.checker.getBaseConstraintOfType(type)
  return constraint === undefined || constraint.id === type.id ? {} : schemaOf(context, constraint, place)
}

function objectTypeSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const builtin = findBuiltin(context.checker, type, context.direction)
  if (builtin === undefined) return objectSchema(context, type, place)
  return builtin.schema ?? refuseType(context, place, { what: article(builtin.name), instead: builtin.instead })
}

function article(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

/** A primitive or an array with a brand is itself; objects together are one object with the members of each. */
function intersectionSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker } = context
  // `{ a: string } & { a: null }` still lists parts, though no value is of it.
  if (checker.isTypeAssignableTo(type, checker.getNeverType())) return { not: {} }
  const parts = type.isIntersectionType() ? type.getTypes() : []
  const [whole, ...others] = parts.filter(part => isWhole(context, part))
  if (whole === undefined) return objectSchema(context, type, place)
  if (others.length === 0) return schemaOf(context, whole, place)
  return refuseType(context, place, { what: checker.typeToString(type), instead: 'Write one of them.' })
}

/** Primitives, arrays and standard classes, to which an intersection with an object can only add a brand. */
function isWhole({ checker, direction }: SchemaContext, type: Type): boolean {
  if (type.flags & (TypeFlags.Primitive | TypeFlags.Instantiable)) return true
  return checker.isArrayType(type) || checker.isTupleType(type) || findBuiltin(checker, type, direction) !== undefined
}
