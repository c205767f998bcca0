import { abandon, outgoingStream } from '../http/outgoing-stream.ts'
import type { PredictOutput } from '../http/predict-io.ts'
import type { Problem } from '../http/problem.ts'
import { byteFraming, itemFraming, type StreamFraming } from '../http/stream-framing.ts'
import { toJSON } from '../http/to-json.ts'
import type { PredictorFigures } from '../metrics/predictor-figures.ts'
import type { PredictCall } from './engine.ts'

/** An answer that is written; a `Response` is one of predict's own making. */
export type Written = PredictOutput | Response

/** What writing an answer needs beside the value. */
export interface OutputOptions {
  readonly call: PredictCall
  /** Runs the predictor's code in a context from which its call is known. */
  scope<Result>(work: () => Result): Result
  /** Where the items of streams are counted. */
  readonly figures?: PredictorFigures | undefined
  /** What a stream ends with when it fails. */
  describe(thrown: unknown): Problem
  /** Called once when the answer no longer needs the predictor: at once, or when a stream is over. */
  onEnd(): void
}

/**
 * Writes the result of predict by its kind: see the table in `docs/types.md`. Of a stream the first item is awaited and
 * written, so that one which fails at its beginning is still an error and not half an answer.
 *
 * @throws {NotSerializableError}
 */
export function writeOutput(value: unknown, options: OutputOptions): Written | Promise<Written> {
  if (isStreamed(value)) return writeStream(value, options)
  const output = writeValue(value)
  options.onEnd()
  return output
}

function writeValue(value: unknown): Written {
  if (typeof value === 'string') return { contentType: 'text/plain; charset=utf-8', body: value }
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Uint8Array) return { contentType: 'application/octet-stream', body: value }
    if (isResponse(value)) return value
    if (value instanceof ArrayBuffer) return { contentType: 'application/octet-stream', body: new Uint8Array(value) }
    if (value instanceof Blob) return { contentType: value.type || 'application/octet-stream', body: value.stream() }
  }
  return { contentType: 'application/json', body: toJSON(value) }
}

/** A `Response` of any copy: a runtime may replace the global class. */
function isResponse(value: object): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === '[object Response]'
}

function isStreamed(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function writeStream(value: AsyncIterable<unknown>, options: OutputOptions): Promise<PredictOutput> {
  const iterator = scoped(value[Symbol.asyncIterator](), options)
  const { cancellation, streamFormat } = options.call
  cancellation.onCancel(() => abandon(iterator))
  const first = await iterator.next()
  if (cancellation.reason !== undefined) throw cancellation.reason
  const isBytes = value instanceof ReadableStream || first.value instanceof Uint8Array
  const framing = counted(isBytes ? byteFraming : itemFraming(streamFormat), options.figures)
  const body = outgoingStream({
    framing,
    iterator,
    first: first.done === true ? undefined : writeFirst(first.value, framing, iterator),
    describe: options.describe,
    onCancel: listener => cancellation.onCancel(listener),
    onEnd: options.onEnd,
  })
  return { contentType: framing.contentType, body }
}

/** The same framing, each item counted. */
function counted(framing: StreamFraming, figures: PredictorFigures | undefined): StreamFraming {
  if (figures === undefined) return framing
  const item = (value: unknown): Uint8Array => {
    const bytes = framing.item(value)
    figures.streamItems += 1
    return bytes
  }
  return { ...framing, item }
}

function writeFirst(item: unknown, framing: StreamFraming, iterator: AsyncIterator<unknown>): Uint8Array {
  try {
    return framing.item(item)
  } catch (thrown) {
    abandon(iterator)
    throw thrown
  }
}

/** Discards a result that has no caller any more: a result with a resource is asked to release it. */
export function discardOutput(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (isResponse(value)) value.body?.cancel().catch(() => {})
  else if (isStreamed(value)) abandon(value[Symbol.asyncIterator]())
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
