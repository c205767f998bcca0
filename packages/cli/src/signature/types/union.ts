import type { JSONSchema, JSONTypeName, JSONValue } from 'incant/internal/signature'
import { type Type, TypeFlags } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { applyMarks, groupByMarks } from './marks.ts'
import { hintOf, type Place } from './problem.ts'
import { readFallback } from './remarks.ts'
import { type SchemaContext, schemaOf } from './schema-context.ts'
import { type Slots, slotReference } from './slots.ts'

const PRIMITIVES: readonly (readonly [TypeFlags, JSONTypeName])[] = [
  [TypeFlags.String, 'string'],
  [TypeFlags.Number, 'number'],
  [TypeFlags.Boolean, 'boolean'],
  [TypeFlags.Null, 'null'],
]

/** Types whose values are absent where JSON is concerned. */
export const ABSENT: number = TypeFlags.Undefined | TypeFlags.Void | TypeFlags.Never

/** The constituents of a type, without those that mean absence. */
export function presentTypes(type: Type): readonly Type[] {
  const types = type.isUnionType() ? constituentsOf(type) : [type]
  return types.filter(part => !(part.flags & ABSENT))
}

/**
 * The schema of a union without a name. One of objects is read when its turn comes, as they are: it may be inside them.
 */
export function unionSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const present = types.filter(type => !(type.flags & ABSENT))
  // One that is left beside undefined has its own slot.
  if (present.length === 1 || present.every(isPlain)) return alternativesSchema(context, present, place)
  const identity = present.map(({ id }) => id).join('|')
  const key = `${context.direction}:${identity}`
  if (!context.slots.has(key)) {
    const slot = { key, identity, name: undefined, hint: hintOf(place) }
    context.slots.add(slot, () => alternativesSchema(context, present, place))
  }
  const besideNull = groupByMarks(context, present)?.filter(({ isOnlyBesideNull }) => isOnlyBesideNull) ?? []
  const fallbacks = besideNull.flatMap(({ aliases }) => aliases.map(alias => readFallback(alias.documentation)))
  return Object.assign(slotReference(key), ...fallbacks)
}

function isPlain(type: Type): boolean {
  return (type.flags & (TypeFlags.Object | TypeFlags.Intersection | TypeFlags.Instantiable)) === 0
}

/** The schema of a union's constituents: plain types and literals gathered, the rest as alternatives. */
export function alternativesSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const present = types.filter(type => !(type.flags & ABSENT))
  const groups = groupByMarks(context, present)
  if (groups === undefined) return unmarkedSchema(context, present, place)
  const bare = groups.flatMap(({ parts }) => parts)
  const aliases = groups.flatMap(group => group.aliases)
  if (groups.every(({ isOnlyBesideNull }) => isOnlyBesideNull)) {
    return applyMarks(context, unmarkedSchema(context, bare, place), { aliases, place })
  }
  const schemas = groups.map(group =>
    applyMarks(context, unmarkedSchema(context, group.parts, place), { ...group, place }),
  )
  return joinAlternatives(schemas.flatMap(schema => (isJoinOnly(schema) ? schema.anyOf : [schema])))
}

/** Whether a schema says nothing but what its alternatives are. */
function isJoinOnly(schema: JSONSchema): schema is JSONSchema & { readonly anyOf: readonly JSONSchema[] } {
  return schema.anyOf !== undefined && Object.keys(schema).length === 1
}

function unmarkedSchema(context: SchemaContext, present: readonly Type[], place: Place): JSONSchema {
  const literals = present.flatMap(literalValue)
  const hasBoolean = literals.includes(true) && literals.includes(false)
  const names = PRIMITIVES.filter(([flag]) => present.some(type => type.flags & flag)).map(([, name]) => name)
  const others = present.filter(
    type => literalValue(type).length === 0 && !PRIMITIVES.some(([flag]) => type.flags & flag),
  )
  const alternatives = joinObjects(
    context.slots,
    others.map(type => schemaOf(context, type, place)),
  )
  const plain = plainAlternatives(
    hasBoolean ? [...names, 'boolean'] : names,
    literals.filter(value => !hasBoolean || typeof value !== 'boolean'),
  )
  return joinAlternatives([...alternatives, ...plain])
}

function literalValue(type: Type): readonly (string | number | boolean)[] {
  return type.isLiteralType() && typeof type.value !== 'bigint' ? [type.value] : []
}

function plainAlternatives(names: readonly JSONTypeName[], literals: readonly JSONValue[]): JSONSchema[] {
  if (literals.length === 0) return typeAlternative(names)
  // `'a' | 'b' | null` is one enumeration.
  const withNull = names.length === 1 && names[0] === 'null'
  return withNull ? [enumSchema([...literals, null])] : [...typeAlternative(names), enumSchema(literals)]
}

function typeAlternative(names: readonly JSONTypeName[]): JSONSchema[] {
  const [only, ...others] = names
  if (only === undefined) return []
  return [{ type: others.length === 0 ? only : names }]
}

function enumSchema(values: readonly JSONValue[]): JSONSchema {
  const [first, ...others] = values
  const type = typeof first
  const typed =
    (type === 'string' || type === 'number' || type === 'boolean') && values.every(value => typeof value === type)
  const named = typed ? { type } : {}
  return others.length === 0 && first !== undefined ? { ...named, const: first } : { ...named, enum: values }
}

function joinAlternatives(alternatives: readonly JSONSchema[]): JSONSchema {
  const [only = { not: {} }, ...others] = alternatives
  return others.length === 0 ? only : { anyOf: alternatives }
}

/** Objects that are distinguished by one member become one alternative with a discriminator. */
function joinObjects(slots: Slots, schemas: readonly JSONSchema[]): readonly JSONSchema[] {
  const objects = schemas.filter(schema => slots.dereference(schema)?.properties !== undefined)
  const propertyName = objects.length < 2 ? undefined : findDiscriminator(slots, objects)
  if (propertyName === undefined) return schemas
  const joined = { anyOf: objects, discriminator: { propertyName } }
  return [joined, ...schemas.filter(schema => !objects.includes(schema))]
}

/** The member that is required and has a different literal in each alternative. */
function findDiscriminator(slots: Slots, alternatives: readonly JSONSchema[]): string | undefined {
  const objects = alternatives.map(alternative => slots.dereference(alternative) ?? {})
  return objects[0]?.required?.find(name => {
    const values = objects.map(object =>
      object.required?.includes(name) ? object.properties?.[name]?.const : undefined,
    )
    return values.every(value => value !== undefined) && new Set(values).size === values.length
  })
}
