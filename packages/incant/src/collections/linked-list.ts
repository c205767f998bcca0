/** The place of a value in a {@link LinkedList}, with which it is removed. */
export interface Link<Value> {
  readonly value: Value
}

/** A link with its neighbours. One that was removed has none, and so keeps nothing alive. */
interface Node<Value> extends Link<Value> {
  list: LinkedList<Value> | undefined
  previous: Node<Value> | undefined
  next: Node<Value> | undefined
}

/**
 * Values in the order in which they came, each removed in constant time. For queues of calls a `Set` is the wrong table:
 * V8 chains a table that was rehashed to the one that took its place, and once a dead one is in the old generation, all
 * later ones live with their entries until the next major collection.
 */
export class LinkedList<Value> implements Iterable<Value> {
  #first: Node<Value> | undefined
  #last: Node<Value> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The value that came first of those that are left. */
  get first(): Value | undefined {
    return this.#first?.value
  }

  /** Adds a value at the end. */
  add(value: Value): Link<Value> {
    const node: Node<Value> = { value, list: this, previous: this.#last, next: undefined }
    if (this.#last === undefined) this.#first = node
    else this.#last.next = node
    this.#last = node
    this.#size += 1
    return node
  }

  /** Removes a value. Returns whether it was still here. */
  remove(link: Link<Value>): boolean {
    // Links are made by add alone.
    const node = link as Node<Value>
    if (node.list !== this) return false
    const { previous, next } = node
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    node.list = node.previous = node.next = undefined
    this.#size -= 1
    return true
  }

  /** Removes the value that came first, and returns it. */
  shift(): Value | undefined {
    const node = this.#first
    if (node !== undefined) this.remove(node)
    return node?.value
  }

  /** The values that are here now: what is removed or added meanwhile does not change them. */
  *[Symbol.iterator](): Iterator<Value> {
    const values: Value[] = []
    for (let node = this.#first; node !== undefined; node = node.next) values.push(node.value)
    yield* values
  }
}
