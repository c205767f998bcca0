import type { Piece } from './reader.ts'

/** A piece, and the choice that it belongs to. */
export type IndexedPiece = readonly [index: number, piece: Piece]

/** The pieces of several choices, as they come. When one fails, or the loop is left, all are stopped. */
export async function* mergeChoices(
  choices: readonly AsyncGenerator<Piece, void, undefined>[],
): AsyncGenerator<IndexedPiece, void, undefined> {
  const waiting = new Map(choices.map((choice, index) => [index, next(choice, index)]))
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values())
      const choice = choices[index]
      if (result.done === true || choice === undefined) {
        waiting.delete(index)
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
  readonly result: IteratorResult<Piece, void>
}

async function next(choice: AsyncGenerator<Piece, void, undefined>, index: number): Promise<Step> {
  return { index, result: await choice.next() }
}
