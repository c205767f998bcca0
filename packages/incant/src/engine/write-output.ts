import { abandon } from '../http/outgoing-stream.ts'
import { isBlob, isResponse } from '../http/platform-objects.ts'
import type { PredictAnswer, PredictOutput, PredictValue } from '../http/predict-io.ts'
import { toData } from '../http/to-data.ts'
import { toJSON } from '../http/to-json.ts'
import type { OutputOptions } from './output-options.ts'
import { isStreamed, writeStream } from './write-stream.ts'

/**
 * Writes the result of predict by its kind: see the table in `docs/types.md`. Of a stream the first item is awaited and
 * written, so that one which fails at its beginning is still an error and not half an answer.
 *
 * @throws {NotSerializableError}
 */
export function writeOutput(value: unknown, options: OutputOptions): PredictAnswer | Promise<PredictAnswer> {
  if (isStreamed(value)) return writeStream(value, options)
  const output = options.call.answer === undefined ? writeValue(value) : (writeBytes(value) ?? dataOf(value))
  options.onEnd()
  return output
}

function writeValue(value: unknown): PredictOutput | Response {
  if (typeof value === 'string') return { contentType: 'text/plain; charset=utf-8', body: value }
  return writeBytes(value) ?? { contentType: 'application/json', body: toJSON(value) }
}

/** Writes values that look the same in every kind of answer: bytes, blobs, responses. */
function writeBytes(value: unknown): PredictOutput | Response | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Uint8Array) return { contentType: 'application/octet-stream', body: value }
  if (isResponse(value)) return value
  if (value instanceof ArrayBuffer) return { contentType: 'application/octet-stream', body: new Uint8Array(value) }
  if (isBlob(value)) return { contentType: value.type || 'application/octet-stream', body: value.stream() }
  return undefined
}

function dataOf(value: unknown): PredictValue {
  return { kind: 'value', value: toData(value) }
}

/** Discards a result that has no caller any more: a result with a resource is asked to release it. */
export function discardOutput(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (isResponse(value)) value.body?.cancel().catch(() => {})
  else if (isStreamed(value)) abandon(value[Symbol.asyncIterator]())
}
