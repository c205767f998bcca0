import type { JSONSchema } from '../../schema/json-schema.ts'
import { bodyParameter } from '../../signature/resolve.ts'
import type { ParameterSignature, PredictSignature } from '../../signature/signature.ts'
import type { FaceFit, FaceMisfit, FaceSubject } from '../fit.ts'

/** Whether predict takes one instance, and gives one prediction. */
export function describe({ name, signature }: FaceSubject): FaceFit {
  const body = bodyParameter(signature)
  const misfit = misfitOf(body, signature)
  if (misfit !== undefined || body === undefined) return misfit ?? NO_PAYLOAD
  const path = `/v1/models/${name}`
  return {
    fits: true,
    operations: [
      { method: 'GET', path, summary: 'Describe the model', answer: { schema: MODEL } },
      {
        method: 'POST',
        path: `${path}:predict`,
        summary: 'Predict for each of several instances',
        body: { schema: listOf('instances', instanceOf(body)) },
        answer: { schema: listOf('predictions', predictionOf(signature)) },
      },
    ],
  }
}

const MODEL: JSONSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, ready: { type: 'boolean' } },
  required: ['name', 'ready'],
}

const NO_PAYLOAD: FaceMisfit = {
  fits: false,
  reason: 'predict takes no payload, and a request has one for each instance',
  instead: 'Have predict take a payload of JSON, a string, or bytes.',
}

function misfitOf(
  body: ParameterSignature | undefined,
  { parameters, returns }: PredictSignature,
): FaceMisfit | undefined {
  const isRequest = parameters.some(({ role }) => role === 'request')
  if (isRequest || body?.role === 'form' || body?.role === 'stream') {
    const reason = `predict takes a ${isRequest ? 'Request' : body?.role}, and an instance is JSON`
    return { fits: false, reason, instead: NO_PAYLOAD.instead }
  }
  const kind = returns.find(({ kind }) => kind === 'stream' || kind === 'response')?.kind
  if (kind === undefined) return undefined
  const reason = `predict gives a ${kind === 'stream' ? 'stream' : 'Response'}, and a prediction is JSON`
  return { fits: false, reason, instead: 'Return a value.' }
}

/** Bytes, as TensorFlow Serving has them. */
const BYTES: JSONSchema = {
  type: 'object',
  properties: { b64: { type: 'string', contentEncoding: 'base64' } },
  required: ['b64'],
}

function instanceOf({ role, schema = {} }: ParameterSignature): JSONSchema {
  if (role === 'bytes' || role === 'blob') return BYTES
  return role === 'text' ? { type: 'string', ...schema } : schema
}

function predictionOf({ returns }: PredictSignature): JSONSchema {
  const [only, ...others] = returns
  if (only === undefined || others.length > 0) return {}
  return only.kind === 'bytes' ? BYTES : (only.schema ?? {})
}

function listOf(name: string, items: JSONSchema): JSONSchema {
  return { type: 'object', properties: { [name]: { type: 'array', items } }, required: [name] }
}
