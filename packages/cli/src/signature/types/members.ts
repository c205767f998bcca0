import type { JSONSchema } from 'incant/internal/signature'
import {
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  SymbolFlags,
  type Type,
  TypeFlags,
  type TypeNode,
  type TypeSymbol,
} from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { type Documentation, readDocumentation } from './documentation.ts'
import type { Member } from './member.ts'
import { isHidden, memberMisfit } from './misfits.ts'
import type { Place } from './problem.ts'
import { applyDocumentation } from './remarks.ts'
import { refuseType, type SchemaContext, schemaOf } from './schema-context.ts'
import { presentTypes, unionSchema } from './union.ts'
import { applyAliases, declaredUnion, defaultBesideNull } from './written-type.ts'

/** The named members of a type: `properties` and `required`. */
export function membersSchema(
  context: SchemaContext,
  members: readonly Member[],
  mapped: Documentation | undefined,
): JSONSchema {
  const carried = members.filter(member => checkMember(context, member))
  const entries = carried.map(member => [member.symbol.name, memberSchema(context, member, mapped)] as const)
  const required = carried.filter((member, index) => isRequired(member, entries[index]?.[1]))
  return {
    properties: Object.fromEntries(entries),
    ...(required.length > 0 && { required: required.map(({ symbol }) => symbol.name) }),
  }
}

/** Refuses a member that is not data; in what predict returns, leaves it out as JSON does. */
function checkMember(context: SchemaContext, member: Member): boolean {
  const misfit = memberMisfit(context, member)
  if (misfit === undefined) return true
  if (context.direction !== 'output') context.refused.try(() => refuseType(context, member.place, misfit), {})
  else if (isHidden(member.symbol) && !member.symbol.escapedName.startsWith('__#')) warnOfHidden(context, member)
  return false
}

/** A member that is private to TypeScript is not private in JSON. */
function warnOfHidden(context: SchemaContext, { place }: Member): void {
  context.warn(place, {
    code: 'unsupported_type',
    found: 'is private or protected, and is sent all the same',
    instead: 'Write #private members, or return an object that has the public data alone.',
  })
}

/** A member that many types inherit is read once; what a mapped type says of its members is beside that. */
function memberSchema(context: SchemaContext, member: Member, mapped: Documentation | undefined): JSONSchema {
  const key = `${context.direction}:${declarationKey(member.symbol)}:${member.type.id}`
  const schema = context.members.get(key) ?? context.refused.try(() => readMember(context, member), {})
  context.members.set(key, schema)
  return mapped === undefined
    ? schema
    : applyDocumentation(context, schema, { documentation: mapped, place: member.place })
}

/** The same for all symbols of one declaration: each type that inherits a member has a symbol for it. */
function declarationKey({ id, declarations }: TypeSymbol): string {
  const [only, ...others] = declarations
  return only === undefined || others.length > 0 ? String(id) : `${only.path}:${only.index}`
}

function readMember(context: SchemaContext, { symbol, type, place }: Member): JSONSchema {
  const written = writtenType(context, symbol)
  const union = declaredUnion(context, type, written)
  const schema = union === undefined ? presentSchema(context, type, place) : schemaOf(context, union, place)
  const known = { ...defaultBesideNull(context, written), ...schema }
  const aliased = written === undefined ? known : applyAliases(context, known, { type, written, place })
  return applyDocumentation(context, aliased, {
    documentation: readDocumentation(context, symbol),
    place,
  })
}

/** The schema of a member that is present: `undefined` beside other types only says that it is optional. */
export function presentSchema(context: SchemaContext, type: Type | undefined, place: Place): JSONSchema {
  if (type === undefined) return {}
  const present = presentTypes(type)
  const [only, ...others] = present
  const hasAbsent = type.isUnionType() && present.length < constituentsOf(type).length
  if (only === undefined || !hasAbsent) return schemaOf(context, type, place)
  return others.length === 0 ? schemaOf(context, only, place) : unionSchema(context, present, place)
}

function writtenType({ sources }: SchemaContext, symbol: TypeSymbol): TypeNode | undefined {
  const declaration = symbol.declarations.find(({ path }) => sources.has(path))
  const node = declaration?.resolve()
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
