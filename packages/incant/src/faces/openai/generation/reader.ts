import { isResponse } from '../../../http/platform-objects.ts'
import type { FaceAnswer } from '../../model.ts'
import type { Usage } from './usage.ts'

/** A piece of a choice, as a chunk has it. */
export type Piece = Readonly<Record<string, unknown>>

/** Reads what one call of predict gives into the pieces of a choice. */
export interface Reader {
  /** The pieces that an item comes to. */
  read(item: unknown): readonly Piece[]
  /** The pieces that were held back. @param end - What the generator returned; of a value, the value. */
  finish(end: unknown): readonly Piece[]
  /** Whether the choice is complete before predict is. */
  readonly stopped: boolean
  /** Once it is over: why, and what it took. */
  readonly reason: string
  readonly usage: Usage
}

/** An answer of predict that the API has no form for: a stream of bytes, say. */
class NoAnswer extends TypeError {
  override readonly name = 'NoAnswer'
}

/**
 * The pieces of one choice, as predict writes them. When a stop string has been found, predict is stopped; when the loop is
 * left, too.
 */
export async function* readChoice(
  start: () => Promise<FaceAnswer>,
  reader: Reader,
): AsyncGenerator<Piece, void, undefined> {
  const answer = await start()
  if (isResponse(answer) || answer.kind === 'bytes') {
    throw new NoAnswer('predict returned bytes or a Response where the API has text')
  }
  if (answer.kind === 'value') {
    yield* reader.read(answer.value)
    yield* reader.finish(answer.value)
    return
  }
  // It fails where the items are left, and nobody may be waiting for it then.
  answer.returned.catch(() => {})
  for await (const item of answer.items) {
    yield* reader.read(JSON.parse(item))
    if (reader.stopped) break
  }
  yield* reader.finish(reader.stopped ? undefined : await answer.returned)
}
