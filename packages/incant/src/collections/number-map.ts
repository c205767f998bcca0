/** Slots of an empty map; always a power of two. */
const FEWEST = 64

/**
 * Values by positive 31-bit integers, as a `Map`, without the garbage that a `Map` makes where entries come and go all
 * the time (see {@link LinkedList}): open addressing with linear probing, and deletion that closes the gap. Numbers that
 * are handed out one after the other lie side by side, and are found at once.
 */
export class NumberMap<Value> {
  /** 0: free. */
  #keys: Int32Array = new Int32Array(FEWEST)
  #values: (Value | undefined)[] = new Array<undefined>(FEWEST).fill(undefined)
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: number): Value | undefined {
    const slot = this.#find(key)
    return this.#values[slot]
  }

  set(key: number, value: Value): void {
    // At most half full, so that a search is short and ends.
    if (2 * (this.#size + 1) > this.#keys.length) this.#grow()
    const slot = this.#find(key)
    if (this.#keys[slot] === 0) this.#size += 1
    this.#keys[slot] = key
    this.#values[slot] = value
  }

  /** Removes an entry. Returns whether there was one. */
  delete(key: number): boolean {
    const slot = this.#find(key)
    if (this.#keys[slot] === 0) return false
    this.#size -= 1
    this.#close(slot)
    return true
  }

  clear(): void {
    this.#keys = new Int32Array(FEWEST)
    this.#values = new Array<undefined>(FEWEST).fill(undefined)
    this.#size = 0
  }

  /** The values that are here now, in no order: what is set or deleted meanwhile does not change them. */
  values(): Value[] {
    const values = this.#values.filter((_, slot) => this.#keys[slot] !== 0)
    // The value of a slot with a key, whatever it is.
    return values as Value[]
  }

  /** The slot of a key, or the free one where it would be. */
  #find(key: number): number {
    const mask = this.#keys.length - 1
    let slot = key & mask
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  /** Moves entries behind a gap into it that would no longer be found. */
  #close(gap: number): void {
    const mask = this.#keys.length - 1
    let hole = gap
    for (let slot = (hole + 1) & mask; this.#keys[slot] !== 0; slot = (slot + 1) & mask) {
      const key = this.#keys[slot] ?? 0
      const isReached = ((slot - key) & mask) < ((slot - hole) & mask)
      if (isReached) continue
      this.#keys[hole] = key
      this.#values[hole] = this.#values[slot]
      hole = slot
    }
    this.#keys[hole] = 0
    this.#values[hole] = undefined
  }

  #grow(): void {
    const keys = this.#keys
    const values = this.#values
    this.#keys = new Int32Array(2 * keys.length)
    this.#values = new Array<undefined>(2 * keys.length).fill(undefined)
    for (const [at, key] of keys.entries()) {
      if (key === 0) continue
      const slot = this.#find(key)
      this.#keys[slot] = key
      this.#values[slot] = values[at]
    }
  }
}
