import { nextTurn } from './next-turn.ts'

/** Runs work to its end in turns of the event loop: it yields where one ends. */
export async function runInTurns<Result>(work: Iterator<void, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    await nextTurn()
  }
}

/** Runs the same work in one turn. */
export function runAtOnce<Result>(work: Iterator<void, Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
