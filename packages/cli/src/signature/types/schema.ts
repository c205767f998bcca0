import type { JSONSchema } from 'incant/internal/signature'
import {
  type Checker,
  type NodeHandle,
  SymbolFlags,
  type TemplateLiteralType,
  type Type,
  TypeFlags,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { isArray, isTuple } from '../compiler/lists.ts'
import { originOf } from '../compiler/origin.ts'
import { typeText } from '../compiler/type-text.ts'
import { findBuiltin } from './builtins.ts'
import { readDocumentation } from './documentation.ts'
import { ENDLESS } from './growth.ts'
import { intersectionSchema } from './intersection.ts'
import { applyMarks, isMarked, unmark } from './marks.ts'
import { article } from './misfits.ts'
import { objectSchema } from './object.ts'
import { hintOf, type Place } from './problem.ts'
import { applyDocumentation, readFallback } from './remarks.ts'
import { refuse, refuseType, type SchemaContext, schemaOf, touch } from './schema-context.ts'
import { slotReference } from './slots.ts'
import { templatePattern } from './template.ts'
import { alternativesSchema, unionSchema } from './union.ts'

/** A decimal integer in a string, since a JSON number loses digits past 2^53. */
const BIGINT: JSONSchema = { type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' }

/** Reads a type into its JSON Schema. */
export function readType(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { parts, aliases } = unmark(context, type)
  const [only, ...others] = parts
  if (aliases.length > 0 && others.length === 0) {
    return applyMarks(context, only === undefined ? {} : readType(context, only, place), { aliases, place })
  }
  const inside = withinField(context, type)
  return isShared(inside, type) ? sharedSchema(inside, type, place) : convert(inside, type, place)
}

/** A field of a form that is an object is JSON, which has no files. */
function withinField(context: SchemaContext, type: Type): SchemaContext {
  if (context.direction !== 'field' || !(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return context
  const { checker } = context
  const isList = isArray(checker, type) || isTuple(checker, type)
  return isList || findBuiltin(checker, type, 'field') !== undefined ? context : { ...context, direction: 'input' }
}

/** Types that may be used more than once, or inside themselves: objects, intersections, enums, and unions with a name. */
function isShared(context: SchemaContext, type: Type): boolean {
  if (type.flags & TypeFlags.Object) return findBuiltin(context.checker, type, context.direction) === undefined
  if (type.flags & TypeFlags.Intersection) return true
  return (type.flags & TypeFlags.Union) !== 0 && ownSymbol(type) !== undefined
}

function sharedSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { checker, slots, direction } = context
  const key = `${direction}:${type.id}`
  const symbol = ownSymbol(type)
  const reference = { ...slotReference(key), ...defaultOf(context, symbol) }
  if (slots.has(key)) return reference
  const entry = context.growth.enter(symbol ?? type.getSymbol(), place)
  if ('problem' in entry) return entry.problem === 'known' ? {} : refuse(context, place, ENDLESS)
  const name = symbol && typeName(checker, type, symbol)
  slots.add({ key, identity: String(type.id), name, hint: hintOf(place) }, () => {
    const schema = context.refused.try(() => convert(context, type, { ...place, inside: entry.inside }), {})
    if (symbol === undefined || isMarked(context, type, symbol)) return schema
    const declaration = userDeclaration(context, symbol) ?? place.declaration
    return context.refused.try(
      () => documentType(context, schema, { symbol, place: { ...place, declaration } }),
      schema,
    )
  })
  return reference
}

/** A default counts where the type is written, as a member: the definition of the type fills in nothing. */
function defaultOf(context: SchemaContext, symbol: TypeSymbol | undefined): JSONSchema {
  return symbol === undefined || originOf(symbol) === 'standard' ? {} : readFallback(readDocumentation(context, symbol))
}

function documentType(
  context: SchemaContext,
  schema: JSONSchema,
  { symbol, place }: { readonly symbol: TypeSymbol; readonly place: Place },
): JSONSchema {
  if (originOf(symbol) === 'standard') return schema
  for (const declaration of symbol.declarations) touch(context, declaration)
  return applyDocumentation(context, schema, { documentation: readDocumentation(context, symbol), place })
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
  return type.getAliasTypeArguments().length > 0 || type.isTypeReference() ? typeText(checker, type) : symbol.name
}

function userDeclaration({ sources }: SchemaContext, symbol: TypeSymbol | undefined): NodeHandle | undefined {
  return symbol?.declarations.find(({ path }) => sources.has(path))
}

function convert(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const { flags } = type
  if (type.isErrorType()) return refuseUnresolved(context, place)
  if (flags & TypeFlags.AnyOrUnknown) return {}
  if (flags & TypeFlags.Union) return readUnion(context, type, place)
  if (flags & TypeFlags.Object) return objectTypeSchema(context, type, place)
  if (flags & TypeFlags.Intersection) return intersectionSchema(context, type, place)
  if (flags & TypeFlags.Instantiable && !(flags & (TypeFlags.TemplateLiteral | TypeFlags.StringMapping))) {
    return constraintSchema(context, type, place)
  }
  return scalarSchema(context, type, place)
}
/** One with a name is in a slot already. */
function readUnion(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const types = constituentsOf(type)
  return ownSymbol(type) === undefined ? unionSchema(context, types, place) : alternativesSchema(context, types, place)
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
    what: typeText(context.checker, type),
    instead: 'Write string with @pattern.',
  })
}

function literalSchema(value: string | number | boolean | bigint): JSONSchema {
  if (typeof value === 'bigint') return { ...BIGINT, const: String(value) }
  const type = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean'
  return { type, const: value }
}

function templateSchema(context: SchemaContext, type: TemplateLiteralType, place: Place): JSONSchema {
  const names = type.getTypes().flatMap(part => unmark(context, part).aliases.map(({ name }) => name))
  if (names.length > 0) {
    return refuseType(context, place, {
      what: `a template with ${names.join(' and ')} in it, whose constraints have no form there`,
      instead: 'Write string with @pattern, or string in the template.',
    })
  }
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
