import { abandon } from '../http/outgoing-stream.ts'
import type { StreamFraming } from '../http/stream-framing.ts'
import type { PredictorFigures } from '../metrics/predictor-figures.ts'

/** The same framing, each item counted. */
export function counted(framing: StreamFraming, figures: PredictorFigures | undefined): StreamFraming {
  if (figures === undefined) return framing
  const counting =
    <Framed>(frame: (value: unknown) => Framed) =>
    (value: unknown): Framed => {
      const framed = frame(value)
      figures.streamItems += 1
      return framed
    }
  const { item, text } = framing
  return { ...framing, item: counting(item), ...(text && { text: counting(text) }) }
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
