import { HTTPException } from 'hono/http-exception'
import { Cancellation } from '../../engine/cancellation.ts'
import { RequestError } from '../../errors/request-error.ts'
import { asHTTPException, asRequestError } from '../../http/failure.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel } from '../model.ts'
import { toPayloads } from './decode.ts'
import { toTensors } from './encode.ts'
import type { ModelPlan } from './plan.ts'
import { refuseTensors } from './refusal.ts'
import type { NamedTensor } from './tensor.ts'

/** What is called, and as what. */
export interface Inference {
  readonly model: FaceModel
  readonly plan: ModelPlan
  readonly exchange: FaceExchange
}

/**
 * Calls a model with the tensors of a request. Each row of a batch is a call, which is computed together with those of
 * others.
 *
 * @throws {RequestError} `invalid_tensor` for what does not fit the model, with the row where there are several; what
 * `/predict` would answer.
 */
export async function infer(inference: Inference, tensors: readonly NamedTensor[]): Promise<readonly NamedTensor[]> {
  const { plan } = inference
  const payloads = toPayloads(plan, tensors)
  const [only, ...others] = payloads
  const results = others.length === 0 ? [await call(inference, only)] : await callRows(inference, payloads)
  return toTensors(plan, results)
}

/** So many rows of one request wait or run at a time: enough to fill a batch, and no more of the queue than that. */
const AT_ONCE = 32

/** The first failure ends all. */
async function callRows(inference: Inference, payloads: readonly unknown[]): Promise<readonly unknown[]> {
  const results: unknown[] = []
  const cancellation = new Cancellation()
  const rest = payloads.entries()
  const work = async () => {
    for (const [row, payload] of rest) {
      if (cancellation.reason !== undefined) return
      results[row] = await call(inference, payload, cancellation).catch(thrown => raise(thrown, row))
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

/** What is wrong with a payload is wrong with its row. */
function raise(thrown: unknown, row: number): never {
  const refused = asRequestError(thrown)
  const exception = asHTTPException(thrown)
  if (refused?.code === 'invalid_payload') {
    const issues = (refused.issues ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)
    throw refuseTensors(`Row ${row} does not match what predict takes: ${issues.join('; ')}.`)
  }
  if (exception === undefined || exception.res !== undefined || exception.status >= 500) throw thrown
  throw new HTTPException(exception.status, { message: `Row ${row}: ${exception.message}` })
}

async function call({ model, exchange }: Inference, payload: unknown, cancellation?: Cancellation): Promise<unknown> {
  const options = { answer: 'value', ...(cancellation === undefined ? {} : { cancellation }) } as const
  const answer = await model.call(exchange, payload, options)
  if (answer instanceof Response) throw new TypeError('predict returned a Response, and its type says otherwise')
  if (answer.kind === 'bytes') return answer.body instanceof Uint8Array ? answer.body : gather(answer.body)
  if (answer.kind === 'items') throw new TypeError('predict returned a stream, and its type says otherwise')
  return answer.value
}

async function gather(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}
