import { runInTurns } from '../async/run-in-turns.ts'

/** The order of the members of an object: as they came, or that of their names, in which equal values have equal texts. */
export type MemberOrder = 'given' | 'sorted'

/** Values, or thousands of characters, that are written in one turn of the event loop: less than a millisecond. */
const TURN = 2000

/** Elements of an array that are written together. */
const SLICE = 1000

/** Writes a value that came as JSON as JSON again, in turns of the event loop: `JSON.stringify` of 10 MB takes a third of a second. */
export async function writeInTurns(value: unknown, order: MemberOrder): Promise<string> {
  const writer = new Writer(order)
  await runInTurns(writer.write(value))
  return writer.text()
}

class Writer {
  readonly #order: MemberOrder
  readonly #parts: string[] = []
  #work = 0

  constructor(order: MemberOrder) {
    this.#order = order
  }

  text(): string {
    return this.#parts.join('')
  }

  *write(value: unknown): Generator<void, void> {
    if (Array.isArray(value)) yield* this.#writeArray(value)
    else if (typeof value === 'object' && value !== null) yield* this.#writeMembers(value)
    else {
      this.#parts.push(JSON.stringify(value))
      yield* this.#count(typeof value === 'string' ? 1 + value.length / 1000 : 1)
    }
  }

  *#writeArray(array: readonly unknown[]): Generator<void, void> {
    this.#parts.push('[')
    for (let start = 0; start < array.length; start += SLICE) {
      const slice = array.slice(start, start + SLICE)
      if (start > 0) this.#parts.push(',')
      if (slice.every(element => typeof element === 'number')) {
        this.#parts.push(JSON.stringify(slice).slice(1, -1))
        yield* this.#count(slice.length)
      } else yield* this.#writeElements(slice)
    }
    this.#parts.push(']')
  }

  *#writeElements(elements: readonly unknown[]): Generator<void, void> {
    for (const [index, element] of elements.entries()) {
      if (index > 0) this.#parts.push(',')
      yield* this.write(element)
    }
  }

  *#writeMembers(value: object): Generator<void, void> {
    const members = Object.entries(value)
    if (this.#order === 'sorted') members.sort(([one], [other]) => (one < other ? -1 : 1))
    for (const [index, [name, member]] of members.entries()) {
      this.#parts.push(`${index > 0 ? ',' : '{'}${JSON.stringify(name)}:`)
      yield* this.write(member)
    }
    this.#parts.push(members.length > 0 ? '}' : '{}')
  }

  *#count(work: number): Generator<void, void> {
    this.#work += work
    if (this.#work < TURN) return
    this.#work = 0
    yield
  }
}
