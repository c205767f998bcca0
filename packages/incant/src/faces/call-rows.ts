import { HTTPException } from 'hono/http-exception'
import { Cancellation } from '../engine/cancellation.ts'
import { RequestError } from '../errors/request-error.ts'
import { asHTTPException, asRequestError } from '../http/failure.ts'
import { isResponse } from '../http/platform-objects.ts'
import type { FaceExchange } from './exchange.ts'
import type { FaceModel } from './model.ts'

/** The calls of one request: a payload of each row. */
export interface RowCalls {
  readonly model: FaceModel
  readonly exchange: FaceExchange
  readonly payloads: readonly unknown[]
  /** A row in messages: `Row 3`. */
  nameOf(row: number): string
  /** Refuses a row whose payload does not match. */
  refuse(detail: string): Error
}

/** So many rows of one request wait or run at a time: enough to fill a batch, and no more of the queue than that. */
const AT_ONCE = 32

/**
 * Calls a model with each payload, so that batches form of them and of those of others, and gives the results in their order:
 * values as data, or bytes. The first failure ends all, and names its row.
 */
export async function callRows(calls: RowCalls): Promise<readonly unknown[]> {
  const { payloads } = calls
  const results: unknown[] = []
  const cancellation = new Cancellation()
  const rest = payloads.entries()
  const work = async () => {
    for (const [row, payload] of rest) {
      if (cancellation.reason !== undefined) return
      results[row] = await callModel(calls, payload, cancellation).catch(thrown => raise(calls, row, thrown))
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, payloads.length) }, work))
  } catch (thrown) {
    cancellation.cancel(new RequestError('interrupted', { detail: 'The request that this call belongs to is over.' }))
    throw thrown
  }
  return results
}

/** An error of a payload is an error of its row. */
function raise({ nameOf, refuse }: RowCalls, row: number, thrown: unknown): never {
  const refused = asRequestError(thrown)
  if (refused?.code === 'invalid_payload') {
    const issues = (refused.issues ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)
    throw refuse(`${nameOf(row)} does not match what predict takes: ${issues.join('; ')}.`)
  }
  const exception = asHTTPException(thrown)
  if (exception === undefined || exception.res !== undefined || exception.status >= 500) throw thrown
  throw new HTTPException(exception.status, { message: `${nameOf(row)}: ${exception.message}` })
}

/** Calls a model once: its value as data, or bytes. */
export async function callModel(
  { model, exchange }: Pick<RowCalls, 'model' | 'exchange'>,
  payload: unknown,
  cancellation?: Cancellation,
): Promise<unknown> {
  const options = { answer: 'value', ...(cancellation === undefined ? {} : { cancellation }) } as const
  const answer = await model.call(exchange, payload, options)
  if (isResponse(answer)) throw new TypeError('predict returned a Response, and its type says otherwise')
  if (answer.kind === 'items') throw new TypeError('predict returned a stream, and its type says otherwise')
  if (answer.kind === 'value') return answer.value
  return answer.body instanceof Uint8Array ? answer.body : gather(answer.body)
}

async function gather(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  // Response takes any stream of bytes; its type wants to know that their buffers are not shared.
  return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}
