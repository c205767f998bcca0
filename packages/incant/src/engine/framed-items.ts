import { abandon } from '../http/outgoing-stream.ts'
import type { StreamFraming } from '../http/stream-framing.ts'
import type { PredictorFigures } from '../metrics/predictor-figures.ts'

/** The same framing, each item counted. */
export function counted(framing: StreamFraming, figures: PredictorFigures | undefined): StreamFraming {
  if (figures === undefined) return framing
  const item = (value: unknown): Uint8Array => {
    const bytes = framing.item(value)
    figures.streamItems += 1
    return bytes
  }
  return { ...framing, item }
}

/** The first item, framed. One that cannot be is a failure, and ends the stream. */
export function writeFirst(item: unknown, framing: StreamFraming, iterator: AsyncIterator<unknown>): Uint8Array {
  try {
    return framing.item(item)
  } catch (thrown) {
    abandon(iterator)
    throw thrown
  }
}
