import type { TypeSymbol } from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'
import type { Ancestor, Place, Problem } from './problem.ts'

/** How often one declaration may be inside itself, each time with other type arguments. */
const MAXIMUM_INSTANCES = 100

/** Where a type is entered: what is then around, or that it is one of too many. */
type Entry = { readonly inside: Ancestor | undefined } | { readonly problem: 'found' | 'known' }

/**
 * Finds types that never end. A declaration that is inside itself with new type arguments each time
 * (`interface Grow<T> { next: Grow<T[]> }`) does not; a chain of different types does, however long it is.
 */
export class Growth {
  readonly #endless = new Set<number>()

  /** The types around what is inside a type; `problem` where that would be one level too many. */
  enter(symbol: TypeSymbol | undefined, { inside }: Place): Entry {
    if (symbol === undefined || originOf(symbol) === 'standard') return { inside }
    const instances = 1 + instancesOf(symbol.id, inside)
    // Once found, it is at every branch: each would go as deep.
    if (instances > 1 && this.#endless.has(symbol.id)) return { problem: 'known' }
    if (instances <= MAXIMUM_INSTANCES) return { inside: { symbol: symbol.id, instances, outer: inside } }
    this.#endless.add(symbol.id)
    return { problem: 'found' }
  }
}

function instancesOf(symbol: number, inside: Ancestor | undefined): number {
  for (let ancestor = inside; ancestor !== undefined; ancestor = ancestor.outer) {
    if (ancestor.symbol === symbol) return ancestor.instances
  }
  return 0
}

/** The problem of a type that never ends. */
export const ENDLESS: Problem = {
  code: 'unsupported_type',
  found: `is inside itself more than ${MAXIMUM_INSTANCES} times, with other type arguments each time: it does not seem to end`,
  instead: 'Write a type that refers to itself without growing.',
}
