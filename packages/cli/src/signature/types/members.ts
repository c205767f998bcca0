import type { JSONSchema } from 'incant/internal/signature'
import {
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  ModifierFlags,
  type NodeHandle,
  SymbolFlags,
  type Type,
  TypeFlags,
  type TypeNode,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { originOf } from '../compiler/origin.ts'
import { isCallable } from './callable.ts'
import { applyDocumentation, readDocumentation } from './documentation.ts'
import { memberPlace, type Place } from './problem.ts'
import { type Misfit, refuseType, type SchemaContext, schemaOf } from './schema-context.ts'
import { presentTypes, unionSchema } from './union.ts'
import { applyAliases, declaredUnion } from './written-type.ts'

interface Member {
  readonly symbol: TypeSymbol
  readonly type: Type
  readonly place: Place
}

/** The named members of a type: `properties` and `required`. */
export function membersSchema(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const symbols = context.checker.getPropertiesOfType(type).filter(symbol => isCarried(symbol, type))
  const types = context.checker.getTypeOfSymbol(symbols)
  const members = symbols.flatMap((symbol, index): Member[] => {
    const memberType = types[index]
    return memberType === undefined ? [] : [{ symbol, type: memberType, place: placeOf(place, symbol) }]
  })
  const carried = members.filter(member => checkMember(context, member))
  const entries = carried.map(member => [member.symbol.name, memberSchema(context, member)] as const)
  const required = carried.filter((member, index) => isRequired(member, entries[index]?.[1]))
  return {
    properties: Object.fromEntries(entries),
    ...(required.length > 0 && { required: required.map(({ symbol }) => symbol.name) }),
  }
}

/** A member under a unique symbol in an intersection is a brand: no value has it. */
function isCarried(symbol: TypeSymbol, type: Type): boolean {
  return !(type.isIntersectionType() && isSymbolKey(symbol))
}

function isSymbolKey(symbol: TypeSymbol): boolean {
  return symbol.escapedName.startsWith('__@')
}

function placeOf(place: Place, symbol: TypeSymbol): Place {
  const step = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(symbol.name)
    ? `.${symbol.name}`
    : `[${JSON.stringify(symbol.name)}]`
  return memberPlace(place, step, userDeclaration(symbol))
}

function userDeclaration(symbol: TypeSymbol): NodeHandle | undefined {
  return originOf(symbol) === 'user' ? symbol.declarations[0] : undefined
}

/** Refuses a member that is not data; in what predict gives back, leaves it out as JSON does. */
function checkMember(context: SchemaContext, { symbol, type, place }: Member): boolean {
  const reason = refusal(context, symbol, type)
  if (reason === undefined) return true
  if (context.direction !== 'output') refuseType(context, place, reason)
  return false
}

function refusal(context: SchemaContext, symbol: TypeSymbol, type: Type): Misfit | undefined {
  if (isSymbolKey(symbol)) return { what: 'a member under a symbol', instead: 'Name it with a string.' }
  if (symbol.flags & SymbolFlags.Method || isFunction(context, type)) {
    return { what: 'a function', instead: `Remove ${symbol.name}, or write an interface that has the data alone.` }
  }
  if (isHidden(symbol)) {
    return { what: 'a private member of a class', instead: 'Write an interface that has the public data alone.' }
  }
  if (symbol.flags & SymbolFlags.Accessor) {
    return { what: 'an accessor of a class', instead: 'Write an interface that has the data alone.' }
  }
  return undefined
}

function isFunction(context: SchemaContext, type: Type): boolean {
  const present = presentTypes(type)
  return present.length > 0 && present.every(part => part.isObjectType() && isCallable(context.checker, part))
}

function isHidden(symbol: TypeSymbol): boolean {
  if (symbol.escapedName.startsWith('__#')) return true
  const [declaration] = symbol.declarations
  if (declaration === undefined || originOf(symbol) !== 'user') return false
  const node = declaration.resolve()
  if (node === undefined || !isPropertyDeclaration(node)) return false
  return (node.modifierFlags & (ModifierFlags.Private | ModifierFlags.Protected)) !== 0
}

/** A member that many types inherit is read once. */
function memberSchema(context: SchemaContext, member: Member): JSONSchema {
  const key = `${context.direction}:${declarationKey(member.symbol)}:${member.type.id}`
  const schema = context.members.get(key) ?? readMember(context, member)
  context.members.set(key, schema)
  return schema
}

/** The same for all symbols of one declaration: each type that inherits a member has a symbol for it. */
function declarationKey({ id, declarations }: TypeSymbol): string {
  const [only, ...others] = declarations
  return only === undefined || others.length > 0 ? String(id) : `${only.path}:${only.index}`
}

function readMember(context: SchemaContext, { symbol, type, place }: Member): JSONSchema {
  const written = writtenType(symbol)
  const union = declaredUnion(context, type, written)
  const schema = union === undefined ? presentSchema(context, type, place) : schemaOf(context, union, place)
  const aliased = written === undefined ? schema : applyAliases(context, schema, { type, written, place })
  return applyDocumentation(context.slots, aliased, {
    documentation: readDocumentation(context.checker, symbol),
    place,
  })
}

/** The schema of what a member holds where it is there: `undefined` beside other types only says that it may not be. */
export function presentSchema(context: SchemaContext, type: Type | undefined, place: Place): JSONSchema {
  if (type === undefined) return {}
  const present = presentTypes(type)
  const [only, ...others] = present
  const hasAbsent = type.isUnionType() && present.length < constituentsOf(type).length
  if (only === undefined || !hasAbsent) return schemaOf(context, type, place)
  return others.length === 0 ? schemaOf(context, only, place) : unionSchema(context, present, place)
}

function writtenType(symbol: TypeSymbol): TypeNode | undefined {
  const node = userDeclaration(symbol)?.resolve()
  return node !== undefined && (isPropertySignatureDeclaration(node) || isPropertyDeclaration(node))
    ? node.type
    : undefined
}

/** A member that may be undefined, or that has a default, may be missing on the wire. */
function isRequired({ symbol, type }: Member, schema: JSONSchema | undefined): boolean {
  if (symbol.flags & SymbolFlags.Optional || schema?.default !== undefined) return false
  const types = type.isUnionType() ? constituentsOf(type) : [type]
  return !types.some(({ flags }) => flags & (TypeFlags.Undefined | TypeFlags.Void))
}
