import { abandon, outgoingStream } from '../http/outgoing-stream.ts'
import { isReadableStream } from '../http/platform-objects.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import { byteFraming, itemFraming } from '../http/stream-framing.ts'
import { counted, writeFirst } from './framed-items.ts'
import type { OutputOptions } from './output-options.ts'
import { Sequence } from './sequence.ts'
import { gatherItems, giveItems } from './stream-data.ts'

/** Whether a value gives its items one after the other. */
export function isStreamed(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/**
 * Writes a stream. Its first item is awaited and written, so that one which fails at its beginning is still an error and
 * not half an answer.
 */
export async function writeStream(value: AsyncIterable<unknown>, options: OutputOptions): Promise<PredictAnswer> {
  const source = value[Symbol.asyncIterator]()
  const iterator = scoped(source, options)
  const { cancellation, streamFormat, answer } = options.call
  cancellation.onCancel(() => abandon(iterator))
  const first = await iterator.next()
  if (cancellation.reason !== undefined) throw cancellation.reason
  const isBytes = isReadableStream(value) || (first.done !== true && first.value instanceof Uint8Array)
  if (answer === 'value' && !isBytes) return gatherItems({ iterator, first }, options)
  if (answer === 'items' && !isBytes) return giveItems({ iterator, first }, options)
  const framing = counted(isBytes ? byteFraming : itemFraming(streamFormat), options.figures)
  const body = outgoingStream({
    framing,
    iterator,
    ...(source instanceof Sequence && { ready: () => source.ready() }),
    first: first.done === true ? undefined : writeFirst(first.value, framing, iterator),
    describe: options.describe,
    onCancel: listener => cancellation.onCancel(listener),
    onEnd: options.onEnd,
  })
  return { contentType: framing.contentType, body }
}

/**
 * The same iterator, each step taken in its call's scope: a generator runs where its reader asks. It is returned once,
 * however many there are that give it up.
 */
function scoped(iterator: AsyncIterator<unknown>, options: OutputOptions): AsyncIterator<unknown> {
  let returned: Promise<IteratorResult<unknown>> | undefined
  return {
    next: () => options.scope(() => iterator.next()),
    return() {
      returned ??= options.scope(async () => iterator.return?.() ?? { done: true, value: undefined })
      return returned
    },
  }
}
