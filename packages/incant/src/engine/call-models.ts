import { isBlob } from '../http/platform-objects.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import { toJSON } from '../http/to-json.ts'
import type { Models } from '../predictor/models.ts'
import type { PredictCall } from './engine.ts'
import type { ModelCallBody } from './model-call.ts'

/** The other models of a server, as one call of predict calls them. */
export function modelsOf(call: PredictCall): Models {
  return {
    // What comes back is what the types of the other predictor say: they are those of its class.
    get: name => ({ predict: (payload?: unknown) => callOther(call, name, payload) }) as never,
  }
}

async function callOther(call: PredictCall, model: string, payload: unknown): Promise<unknown> {
  const { callModel, trace } = call
  if (callModel === undefined) throw new Error(`there is no model ${model} beside this one: the server has one model`)
  const body = await writeBody(payload)
  const step = trace?.step('model', { 'incant.model': model })
  try {
    const answer = await callModel({ model, body, trace: step?.carry() })
    const result = await readAnswer(answer, () => step?.end())
    return result
  } catch (thrown) {
    step?.fail(thrown)
    throw thrown
  }
}

/** Text, bytes and forms as they are, anything else as JSON: as a client would send it. */
async function writeBody(payload: unknown): Promise<ModelCallBody | undefined> {
  if (payload === undefined) return undefined
  if (payload instanceof Uint8Array) return { type: BYTES, bytes: payload }
  if (payload instanceof ArrayBuffer) return { type: BYTES, bytes: new Uint8Array(payload) }
  if (isBlob(payload)) return { type: payload.type || BYTES, bytes: new Uint8Array(await payload.arrayBuffer()) }
  if (payload instanceof FormData) return writeForm(payload)
  return { type: 'application/json', bytes: new TextEncoder().encode(toJSON(payload)) }
}

const BYTES = 'application/octet-stream'

async function writeForm(form: FormData): Promise<ModelCallBody> {
  const written = new Response(form)
  const type = written.headers.get('content-type') ?? 'multipart/form-data'
  return { type, bytes: new Uint8Array(await written.arrayBuffer()) }
}

/** @param onOver - Called when there is nothing more to come. */
async function readAnswer(answer: PredictAnswer, onOver: () => void): Promise<unknown> {
  if ('kind' in answer && answer.kind === 'items') return readItems(answer.body, onOver)
  const result = 'contentType' in answer ? await readBytes(answer.body) : 'kind' in answer ? answer.value : answer
  onOver()
  return result
}

async function readBytes(body: string | Uint8Array | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return typeof body === 'object' && body instanceof Uint8Array
    ? body
    : new Uint8Array(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}

/** The items as data, one by one. Leaving them early ends the call. */
async function* readItems(body: ReadableStream<Uint8Array>, onOver: () => void): AsyncGenerator<unknown, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return undefined
      yield JSON.parse(decoder.decode(value))
    }
  } finally {
    onOver()
    // After its end, this does nothing; the reader of what has failed has been told.
    reader.cancel().catch(() => {})
  }
}
