import { Deferred } from '../async/deferred.ts'
import { giveWay } from '../async/next-turn.ts'
import { abandon, outgoingStream } from '../http/outgoing-stream.ts'
import type { PredictItems, PredictValue } from '../http/predict-io.ts'
import type { StreamFraming } from '../http/stream-framing.ts'
import { toData } from '../http/to-data.ts'
import { toJSON } from '../http/to-json.ts'
import { counted, writeFirst } from './framed-items.ts'
import type { OutputOptions } from './output-options.ts'

/** A stream of which the first result is there. */
export interface BegunStream {
  readonly iterator: AsyncIterator<unknown>
  readonly first: IteratorResult<unknown>
}

/** All items of a stream, as data, and what its generator returned. */
export async function gatherItems(stream: BegunStream, options: OutputOptions): Promise<PredictValue> {
  try {
    const value = await gather(stream, options)
    options.onEnd()
    return value
  } catch (thrown) {
    abandon(stream.iterator)
    throw thrown
  }
}

async function gather({ iterator, first }: BegunStream, { call, figures }: OutputOptions): Promise<PredictValue> {
  const value: unknown[] = []
  for (let result = first; ; result = await iterator.next()) {
    if (call.cancellation.reason !== undefined) throw call.cancellation.reason
    if (result.done === true) return { kind: 'value', value, ...dataReturned(result.value) }
    value.push(toData(result.value))
    if (figures !== undefined) figures.streamItems += 1
    // So that a cancellation is heard.
    const turn = giveWay()
    if (turn !== undefined) await turn
  }
}

function dataReturned(returned: unknown): Pick<PredictValue, 'returned'> {
  return returned === undefined ? {} : { returned: toData(returned) }
}

/** The items of a stream as they come, each as its JSON. */
export function giveItems({ iterator, first }: BegunStream, options: OutputOptions): PredictItems {
  const returned = new Deferred<unknown>()
  const onReturn = (value: unknown): void => returned.resolve(dataReturned(value).returned)
  if (first.done === true) onReturn(first.value)
  const framing = counted(ITEMS, options.figures)
  const body = outgoingStream({
    framing,
    iterator,
    first: first.done === true ? undefined : writeFirst(first.value, framing, iterator),
    // What becomes of it is for the reader to say, who gets it as it was thrown.
    describe(thrown) {
      returned.reject(thrown)
      return undefined
    },
    onReturn,
    onCancel: listener => options.call.cancellation.onCancel(listener),
    onEnd() {
      // A failure, which is described in the same turn, counts first.
      queueMicrotask(() => returned.reject(new Error('the items were left before their end')))
      options.onEnd()
    },
  })
  return { kind: 'items', body, returned: returned.promise }
}

const encoder = new TextEncoder()

const ITEMS: StreamFraming = { contentType: 'application/json', item: value => encoder.encode(toJSON(value)) }
