import { BasePredictor, createApp, type JSONSchema, type PredictSignature, silentLogger } from 'incant'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TensorDatatype } from '../../src/predictor/tensor.ts'
import { describeModel } from '../../src/runtimes/model-signature.ts'

class Predictor extends BasePredictor {
  predict(payload: object): object {
    return payload
  }
}

interface Input {
  readonly name: string
  readonly datatype: TensorDatatype
  readonly shape: readonly (number | string)[]
}

/** Answers the payload as it came to predict. */
async function appOf(...inputs: readonly Input[]) {
  const signature: PredictSignature = { ...describeModel('m.onnx', { inputs, outputs: [] }), returns: [] }
  const app = createApp(Predictor, { signature, logger: silentLogger })
  await app.ready
  onTestFinished(() => app.close())
  return { app, signature }
}

async function send(inputs: readonly Input[], body: Uint8Array, type = 'application/octet-stream') {
  const { app } = await appOf(...inputs)
  const headers = { 'content-type': type }
  const response = await app.request('/predict', { method: 'POST', headers, body: Uint8Array.from(body) })
  return { status: response.status, accept: response.headers.get('accept'), body: (await response.json()) as unknown }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

const ROWS: Input = { name: 'x', datatype: 'FP32', shape: ['batch', 2] }
const IMAGE: Input = { name: 'x', datatype: 'FP32', shape: ['batch', 3, 'height', 'width'] }

describe('a body of the elements of a payload with one tensor', () => {
  it.each([
    ['a free dimension follows from their number', ROWS, Float32Array.of(1, 2, 3, 4), [2, 2], [1, 2, 3, 4]],
    ['integers of 64 bits', { ...ROWS, datatype: 'INT64' }, BigInt64Array.of(1n, -2n), [1, 2], ['1', '-2']],
    ['booleans', { ...ROWS, datatype: 'BOOL' }, Uint8Array.of(1, 0), [1, 2], [true, false]],
    ['a shape without free dimensions', { ...ROWS, shape: [1, 2] }, Float32Array.of(1, 2), [1, 2], [1, 2]],
  ] as const)('is read: %s', async (_name, input, view, shape, data) => {
    const { status, body } = await send([input], bytesOf(view))
    expect(body).toEqual({ x: { datatype: input.datatype, shape, data } })
    expect(status).toBe(200)
  })

  it('says its shape in the content type where several dimensions are free', async () => {
    const view = new Float32Array(24)
    const type = 'application/octet-stream; shape="1,3,2,4"'
    expect((await send([IMAGE], bytesOf(view), type)).body).toMatchObject({ x: { shape: [1, 3, 2, 4] } })
    expect(await send([IMAGE], bytesOf(view))).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            pointer: '#',
            detail: 'must have its shape in the content type: application/octet-stream; shape="1,3,1,1"',
          },
        ],
      },
    })
  })

  it.each([
    ['part of an element', [1, 2, 3], 'must have elements of 4 bytes each, as FP32 has'],
    ['part of a row', [0, 0, 0, 0], 'must have a multiple of 2 elements of FP32'],
  ])('is refused with %s', async (_name, bytes, detail) => {
    const { status, body } = await send([ROWS], Uint8Array.from(bytes))
    expect(body).toMatchObject({ code: 'invalid_payload', errors: [{ pointer: '#', detail }] })
    expect(status).toBe(422)
  })

  it('is refused with a shape that is not that of the model, or not that of the elements', async () => {
    const wrong = await send([ROWS], bytesOf(Float32Array.of(1, 2)), 'application/octet-stream; shape="2,1"')
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_payload' } })
    const long = await send([ROWS], bytesOf(Float32Array.of(1, 2)), 'application/octet-stream; shape="9,2"')
    expect(long).toMatchObject({ status: 422, body: { code: 'invalid_payload' } })
  })

  it('is refused where it is empty', async () => {
    expect(await send([ROWS], new Uint8Array())).toMatchObject({ status: 400, body: { code: 'empty_body' } })
  })

  it('is a 415 where the payload has two tensors, and other types name both forms where it has one', async () => {
    const two = await send([ROWS, { ...ROWS, name: 'y' }], Uint8Array.of(1))
    expect(two).toMatchObject({ status: 415, accept: 'application/json' })
    const image = await send([ROWS], Uint8Array.of(1), 'image/png')
    expect(image).toMatchObject({ status: 415, accept: 'application/json, application/octet-stream' })
  })

  it('is in the document of the server', async () => {
    const { app } = await appOf(ROWS)
    const document = (await (await app.request('/openapi.json')).json()) as {
      readonly paths: { readonly '/predict': { readonly post: { readonly requestBody: { readonly content: object } } } }
    }
    const { content } = document.paths['/predict'].post.requestBody
    expect(Object.keys(content)).toEqual(['application/json', 'application/octet-stream'])
  })
})

it('a payload without a tensor takes no body of elements', async () => {
  const schema: JSONSchema = { type: 'object', properties: { a: { type: 'number' } } }
  const signature: PredictSignature = {
    ...describeModel('m.onnx', { inputs: [], outputs: [] }),
    parameters: [{ name: 'payload', role: 'payload', schema }],
    returns: [],
  }
  const app = createApp(Predictor, { signature, logger: silentLogger })
  await app.ready
  onTestFinished(() => app.close())
  const headers = { 'content-type': 'application/octet-stream' }
  const response = await app.request('/predict', { method: 'POST', headers, body: Uint8Array.of(1) })
  expect(response.status).toBe(415)
})
