import { type JSONSchema, mapSubschemas, subschemas } from 'incant/internal/signature'
import type { Slot, Slots } from './slots.ts'

/** How a slot is used in a signature's schemas. */
export interface Usage {
  readonly slot: Slot
  /** The slots that it refers to, once for each reference. */
  readonly refersTo: readonly Slot[]
  /** Its place in the order in which the schemas refer to slots for the first time. */
  readonly order: number
  uses: number
  /** Whether it is used inside itself. */
  recursive: boolean
}

/** A slot on the walk's way, with what it refers to and is still to be visited. */
interface Step {
  readonly usage: Usage
  readonly rest: Slot[]
}

/**
 * The slots that schemas reach, each after those that it refers to, but for references back to a slot around it. The
 * walk goes depth first with a list in place of the call stack: a type may lie thousands of types deep.
 */
export function usagesOf(slots: Slots, roots: readonly JSONSchema[]): ReadonlyMap<Slot, Usage> {
  const known = new Map<Slot, Usage>()
  const found: Found = new Map()
  const finished = new Map<Slot, Usage>()
  const way: Step[] = []
  const visit = (slot: Slot) => {
    const usage = known.get(slot)
    if (usage === undefined) way.push(enter(slotsIn(slots, slot.schema ?? {}, found), slot, known))
    else Object.assign(usage, { uses: usage.uses + 1, recursive: usage.recursive || !finished.has(slot) })
  }
  for (const root of roots.flatMap(schema => slotsIn(slots, schema, found))) {
    visit(root)
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const next = step.rest.pop()
      if (next !== undefined) visit(next)
      else finish(way, finished)
    }
  }
  countAlternatives(slots, finished)
  return finished
}

/**
 * A union that is used twice uses its alternatives twice, though it is written once: those that have a name become
 * definitions, which is what a discriminator's mapping can refer to.
 */
function countAlternatives(slots: Slots, usages: ReadonlyMap<Slot, Usage>): void {
  for (const { slot, uses, recursive } of usages.values()) {
    if (slot.name !== undefined || (uses < 2 && !recursive)) continue
    for (const alternative of alternativesIn(slots, slot.schema ?? {}, usages)) {
      const usage = alternative.name === undefined ? undefined : usages.get(alternative)
      if (usage !== undefined) usage.uses += 1
    }
  }
}

/** The slots that discriminated unions inside a schema refer to, and inside those without a name that it refers to. */
function alternativesIn(slots: Slots, schema: JSONSchema, usages: ReadonlyMap<Slot, Usage>): readonly Slot[] {
  const found: Slot[] = []
  const seen = new Set([schema])
  // A list in place of the call stack, as above.
  const waiting = [schema]
  const visit = (part: JSONSchema): JSONSchema => {
    const slot = slots.of(part)
    if (slot !== undefined) {
      const usage = usages.get(slot)
      // A type that is used twice has a separate turn, which keeps the walks together linear.
      const hasOwnTurn = usage !== undefined && (usage.uses > 1 || usage.recursive)
      const inner = slot.name === undefined && !hasOwnTurn ? slot.schema : undefined
      if (inner !== undefined && !seen.has(inner)) {
        seen.add(inner)
        waiting.push(inner)
      }
      return part
    }
    if (part.discriminator !== undefined) found.push(...(part.anyOf ?? []).flatMap(each => slots.of(each) ?? []))
    return mapSubschemas(part, inner => visit(inner))
  }
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) visit(part)
  return found
}

function enter(refersTo: readonly Slot[], slot: Slot, known: Map<Slot, Usage>): Step {
  const usage = { slot, refersTo, order: known.size, uses: 1, recursive: false }
  known.set(slot, usage)
  return { usage, rest: refersTo.toReversed() }
}

function finish(way: Step[], finished: Map<Slot, Usage>): void {
  const step = way.pop()
  if (step !== undefined) finished.set(step.usage.slot, step.usage)
}

type Found = Map<JSONSchema, readonly Slot[]>

/** The slots that a schema refers to, once for each reference. A member that many types inherit is looked into once. */
function slotsIn(slots: Slots, schema: JSONSchema, known: Found): readonly Slot[] {
  const found = known.get(schema) ?? findSlots(slots, schema, known)
  known.set(schema, found)
  return found
}

function findSlots(slots: Slots, schema: JSONSchema, known: Found): readonly Slot[] {
  const slot = slots.of(schema)
  return slot === undefined ? subschemas(schema).flatMap(([, part]) => slotsIn(slots, part, known)) : [slot]
}
