import type { Piece } from './reader.ts'
import { AT_ONCE } from './start-calls.ts'

/** A piece, and the choice that it belongs to. */
export type IndexedPiece = readonly [index: number, piece: Piece]

/** The pieces of several choices, as they come; some are read at a time. When one fails, or the loop is left, all are stopped. */
export async function* mergeChoices(
  choices: readonly AsyncGenerator<Piece, void, undefined>[],
): AsyncGenerator<IndexedPiece, void, undefined> {
  const rest = choices.entries()
  const waiting = new Map<number, Promise<Step>>()
  const begin = () => {
    const { value } = rest.next()
    if (value !== undefined) waiting.set(value[0], next(value[1], value[0]))
  }
  for (let count = 0; count < AT_ONCE; count += 1) begin()
  try {
    while (waiting.size > 0) {
      const { index, result, choice } = await Promise.race(waiting.values())
      waiting.delete(index)
      if (result.done === true) {
        begin()
        continue
      }
      yield [index, result.value]
      waiting.set(index, next(choice, index))
    }
  } finally {
    // Not waited for: a generator that goes on regardless must not keep the answer from its end.
    for (const choice of choices) choice.return().catch(() => {})
    for (const step of waiting.values()) step.catch(() => {})
  }
}

interface Step {
  readonly index: number
  readonly choice: AsyncGenerator<Piece, void, undefined>
  readonly result: IteratorResult<Piece, void>
}

async function next(choice: Step['choice'], index: number): Promise<Step> {
  return { index, choice, result: await choice.next() }
}
