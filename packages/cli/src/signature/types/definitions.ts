import { type Definitions, type JSONSchema, mapSubschemas } from 'incant/internal/signature'
import { differingSlots } from './directions.ts'
import type { Slot, Slots } from './slots.ts'
import { type Usage, usagesOf } from './usage.ts'

/** A signature's schemas in their final form. */
export interface Resolved {
  readonly definitions: Definitions
  /** The type that each definition is of, by the definition's name: `Role` for `Role_string`, as that is of `Role<string>`. */
  readonly types: ReadonlyMap<string, string>
  /** A schema with the references that it keeps. */
  readonly resolve: (schema: JSONSchema) => JSONSchema
}

/** From this many characters on, a type that has no name and is used twice is written once. */
const WORTH_SHARING = 400

/** How many types are written inside each other: a deeper one is a definition, so that no reader runs out of stack. */
const MAXIMUM_NESTING = 16

/**
 * Gives slots their final names. A type is a definition where it is recursive, where it is used twice and has a name or
 * is long, and where it lies deep; the others are written where they are used.
 */
export function resolveSlots(slots: Slots, roots: readonly JSONSchema[]): Resolved {
  const usages = usagesOf(slots, roots)
  const names = nameDefinitions(slots, usages)
  // What many types inherit is one object, and stays one.
  const known = new Map<JSONSchema, JSONSchema>()
  const resolve = (schema: JSONSchema): JSONSchema => {
    const result = known.get(schema) ?? resolveOnce(schema)
    known.set(schema, result)
    return result
  }
  const resolveOnce = (schema: JSONSchema): JSONSchema => {
    const slot = slots.of(schema)
    if (slot === undefined) return mapSubschemas(schema, part => resolve(part))
    const { $ref, ...annotations } = schema
    const name = names.get(slot)
    return name === undefined
      ? { ...resolve(slot.schema ?? {}), ...annotations }
      : { $ref: `#/$defs/${name}`, ...annotations }
  }
  const definitions = [...names].map(([slot, name]) => [name, resolve(slot.schema ?? {})])
  const types = new Map([...names].map(([slot, name]) => [name, (slot.name ?? slot.hint).split('<', 1).join()]))
  return { definitions: Object.fromEntries(definitions), types, resolve }
}

function nameDefinitions(slots: Slots, usages: ReadonlyMap<Slot, Usage>): ReadonlyMap<Slot, string> {
  const differing = differingSlots(slots, usages)
  const defined = [...definedSlots(usages)].sort((first, second) => first.order - second.order)
  const names = new Map<Slot, string>()
  const taken = new Map<string, string>()
  for (const { slot } of defined) {
    const owner = differing.has(slot) ? slot.key : slot.identity
    names.set(slot, claimName(slot.name ?? slot.hint, owner, taken))
  }
  return names
}

/** The extent of a slot that is written inline. */
interface Extent {
  readonly length: number
  readonly nesting: number
}

const REFERENCE: Extent = { length: 40, nesting: 0 }

function definedSlots(usages: ReadonlyMap<Slot, Usage>): ReadonlySet<Usage> {
  const defined = new Set<Usage>()
  const extents = new Map<Slot, Extent>()
  for (const usage of usages.values()) {
    const { slot, uses, recursive } = usage
    const parts = usage.refersTo.map(part => extents.get(part) ?? REFERENCE)
    const length = parts.reduce((sum, part) => sum + part.length, JSON.stringify(slot.schema ?? {}).length)
    const nesting = 1 + Math.max(0, ...parts.map(part => part.nesting))
    const isWorthwhile = uses > 1 && (slot.name !== undefined || length > WORTH_SHARING)
    if (recursive || isWorthwhile || nesting > MAXIMUM_NESTING) defined.add(usage)
    extents.set(slot, defined.has(usage) ? REFERENCE : { length, nesting })
  }
  return defined
}

/** The first free name; the same name for the same type with the same schema, in whichever direction it was read. */
export function claimName(wanted: string, owner: string, taken: Map<string, string>): string {
  const base = wanted.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '') || 'Type'
  for (let suffix = 1; ; suffix += 1) {
    const name = suffix === 1 ? base : `${base}${suffix}`
    const current = taken.get(name)
    if (current !== undefined && current !== owner) continue
    taken.set(name, owner)
    return name
  }
}
