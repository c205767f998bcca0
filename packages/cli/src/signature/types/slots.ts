import type { JSONSchema } from 'incant/internal/signature'

/** One type that may become a definition, under a reference that lasts until its final name is known. */
export interface Slot {
  readonly key: string
  /** The type's identity, the same in both directions. */
  readonly identity: string
  /** The type's own name, where it has one. */
  readonly name: string | undefined
  /** A name for a definition of a type that has none. */
  readonly hint: string
  /** Absent until the type is read. */
  schema?: JSONSchema
}

const SLOT = 'slot:'

/** A reference to a slot. */
export function slotReference(key: string): JSONSchema {
  return { $ref: `${SLOT}${key}` }
}

/** The key in a reference to a slot. */
export function slotKey({ $ref }: JSONSchema): string | undefined {
  return $ref?.startsWith(SLOT) ? $ref.slice(SLOT.length) : undefined
}

/**
 * Every type of a signature that has an identity. A type is referred to first and read later, from a list: however deep
 * types lie in each other, the reading of one never waits inside the reading of another, so the stack stays small, and
 * each is read once.
 */
export class Slots {
  readonly #slots = new Map<string, Slot>()
  readonly #readers = new Map<Slot, () => JSONSchema>()
  readonly #reading = new Set<Slot>()
  #waiting: Slot[] = []

  has(key: string): boolean {
    return this.#slots.has(key)
  }

  get(key: string): Slot | undefined {
    return this.#slots.get(key)
  }

  /** Adds a type that `read` reads when its turn comes. */
  add(slot: Slot, read: () => JSONSchema): void {
    this.#slots.set(slot.key, slot)
    this.#readers.set(slot, read)
    this.#waiting.push(slot)
  }

  /** The slot that a schema refers to. */
  of(schema: JSONSchema): Slot | undefined {
    const key = slotKey(schema)
    return key === undefined ? undefined : this.#slots.get(key)
  }

  /**
   * The schema itself, or the one it refers to, which is read now if it has not been. `undefined` while that is being
   * read.
   */
  dereference(schema: JSONSchema): JSONSchema | undefined {
    const slot = this.of(schema)
    if (slot === undefined) return schema
    const target = this.#read(slot)
    return target && this.dereference(target)
  }

  /** Reads all that has only been referred to, in the order of the source. */
  readAll(): void {
    try {
      for (let slot = this.#waiting.pop(); slot !== undefined; slot = this.#waiting.pop()) this.#read(slot)
    } finally {
      this.#waiting = []
    }
  }

  #read(slot: Slot): JSONSchema | undefined {
    const read = this.#readers.get(slot)
    if (read === undefined || this.#reading.has(slot)) return slot.schema
    const first = this.#waiting.length
    this.#reading.add(slot)
    try {
      slot.schema = read()
    } finally {
      this.#reading.delete(slot)
    }
    this.#readers.delete(slot)
    // The list is taken from its end: what this type referred to first is read first.
    this.#waiting.push(...this.#waiting.splice(first).reverse())
    return slot.schema
  }
}
