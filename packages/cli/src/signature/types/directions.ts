import { type JSONSchema, mapSubschemas } from 'incant/internal/signature'
import { type Slot, type Slots, slotReference } from './slots.ts'
import type { Usage } from './usage.ts'

/**
 * The slots whose type reads otherwise in the other direction (a `Date` is decoded in what predict takes, and not in
 * what it returns), directly or through what they refer to.
 *
 * Each schema is written once with the references left as they are. Two that differ there make all differ that refer to
 * them, which takes time in proportion to the number of references, in cycles too.
 */
export function differingSlots(slots: Slots, usages: ReadonlyMap<Slot, Usage>): ReadonlySet<Slot> {
  const differing = new Set<Slot>()
  const users = usersOf(usages)
  const spread = pairs(usages).flatMap(pair => (sameText(slots, pair) ? [] : pair))
  for (let slot = spread.pop(); slot !== undefined; slot = spread.pop()) {
    if (differing.has(slot)) continue
    differing.add(slot)
    spread.push(...(users.get(slot) ?? []))
  }
  return differing
}

/** Slots of the same type, one for each direction. */
function pairs(usages: ReadonlyMap<Slot, Usage>): readonly (readonly Slot[])[] {
  const byIdentity = new Map<string, readonly Slot[]>()
  for (const slot of usages.keys()) byIdentity.set(slot.identity, [...(byIdentity.get(slot.identity) ?? []), slot])
  return [...byIdentity.values()].filter(group => group.length > 1)
}

function usersOf(usages: ReadonlyMap<Slot, Usage>): ReadonlyMap<Slot, readonly Slot[]> {
  const users = new Map<Slot, Slot[]>()
  for (const { slot, refersTo } of usages.values()) {
    for (const target of refersTo) {
      const list = users.get(target)
      if (list === undefined) users.set(target, [slot])
      else list.push(slot)
    }
  }
  return users
}

function sameText(slots: Slots, pair: readonly Slot[]): boolean {
  const withoutDirection = (schema: JSONSchema): JSONSchema => {
    const slot = slots.of(schema)
    return slot === undefined
      ? mapSubschemas(schema, part => withoutDirection(part))
      : { ...schema, ...slotReference(slot.identity) }
  }
  return new Set(pair.map(({ schema }) => JSON.stringify(withoutDirection(schema ?? {})))).size === 1
}
