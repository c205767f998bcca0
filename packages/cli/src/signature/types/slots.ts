import type { Definitions, JSONSchema } from 'incant/signature'

/** One type that may become a definition, under a reference of our own until its final name is known. */
export interface Slot {
  /** The type's identity, the same whichever way values travel. */
  readonly identity: number
  /** The type's own name, where it has one. */
  readonly name: string | undefined
  /** A name for a recursive type that has none. */
  readonly hint: string
  /** Absent while the type is being read. */
  schema?: JSONSchema
  /** Whether the type refers to itself. */
  recursive: boolean
}

/** Every slot of a signature, by its key. */
export type Slots = Map<string, Slot>

const SLOT = 'slot:'

/** A reference to a slot. */
export function slotReference(key: string): JSONSchema {
  return { $ref: `${SLOT}${key}` }
}

/** The slot that a schema refers to. */
export function slotOf(slots: Slots, schema: JSONSchema): Slot | undefined {
  return schema.$ref?.startsWith(SLOT) ? slots.get(schema.$ref.slice(SLOT.length)) : undefined
}

/** The schema itself, or the one it refers to. `undefined` while that is being read. */
export function dereference(slots: Slots, schema: JSONSchema): JSONSchema | undefined {
  const slot = slotOf(slots, schema)
  return slot === undefined ? schema : slot.schema && dereference(slots, slot.schema)
}

/** A schema with each of its direct subschemas replaced; keywords keep their order. */
export function mapSubschemas(schema: JSONSchema, replace: (schema: JSONSchema) => JSONSchema): JSONSchema {
  const { not, anyOf, items, prefixItems, properties, patternProperties, additionalProperties } = schema
  const mapMembers = (members: Readonly<Record<string, JSONSchema>>) =>
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, replace(member)]))
  return {
    ...schema,
    ...(not && { not: replace(not) }),
    ...(anyOf && { anyOf: anyOf.map(replace) }),
    ...(items && { items: replace(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(replace) }),
    ...(properties && { properties: mapMembers(properties) }),
    ...(patternProperties && { patternProperties: mapMembers(patternProperties) }),
    ...(additionalProperties && { additionalProperties: replace(additionalProperties) }),
  }
}

/** Gives slots their final names: what is recursive, or named and used twice, is a definition; the rest goes inline. */
export function resolveSlots(
  slots: Slots,
  roots: readonly JSONSchema[],
): { readonly roots: readonly JSONSchema[]; readonly definitions: Definitions } {
  const uses = countUses(slots, roots)
  const names = nameDefinitions(slots, uses)
  const resolve = (schema: JSONSchema): JSONSchema => {
    const slot = slotOf(slots, schema)
    if (slot === undefined) return mapSubschemas(schema, resolve)
    const { $ref, ...annotations } = schema
    const name = names.get(slot)
    return name === undefined
      ? { ...resolve(slot.schema ?? {}), ...annotations }
      : { $ref: `#/$defs/${name}`, ...annotations }
  }
  const definitions = [...names].map(([slot, name]) => [name, resolve(slot.schema ?? {})])
  return { roots: roots.map(resolve), definitions: Object.fromEntries(definitions) }
}

function countUses(slots: Slots, roots: readonly JSONSchema[]): Map<Slot, number> {
  const uses = new Map<Slot, number>()
  const visit = (schema: JSONSchema): JSONSchema => {
    const slot = slotOf(slots, schema)
    if (slot === undefined) return mapSubschemas(schema, visit)
    const count = uses.get(slot) ?? 0
    uses.set(slot, count + 1)
    if (count === 0 && slot.schema) visit(slot.schema)
    return schema
  }
  roots.forEach(visit)
  return uses
}

function nameDefinitions(slots: Slots, uses: Map<Slot, number>): Map<Slot, string> {
  const names = new Map<Slot, string>()
  const taken = new Map<string, string>()
  for (const [slot, count] of uses) {
    if (!slot.recursive && (slot.name === undefined || count < 2)) continue
    const text = `${slot.identity} ${fingerprint(slots, slot, new Set())}`
    names.set(slot, claimName(slot.name ?? slot.hint, text, taken))
  }
  return names
}

/** The first free name; the same name for the same type with the same schema, in whichever direction it was read. */
function claimName(wanted: string, text: string, taken: Map<string, string>): string {
  const base = wanted.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '') || 'Type'
  for (let suffix = 1; ; suffix += 1) {
    const name = suffix === 1 ? base : `${base}${suffix}`
    const owner = taken.get(name)
    if (owner !== undefined && owner !== text) continue
    taken.set(name, text)
    return name
  }
}

function fingerprint(slots: Slots, slot: Slot, seen: Set<number>): string {
  if (seen.has(slot.identity)) return String(slot.identity)
  seen.add(slot.identity)
  const expand = (schema: JSONSchema): JSONSchema => {
    const inner = slotOf(slots, schema)
    return inner === undefined ? mapSubschemas(schema, expand) : { ...schema, $ref: fingerprint(slots, inner, seen) }
  }
  return JSON.stringify(expand(slot.schema ?? {}))
}
