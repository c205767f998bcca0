import { status } from '@grpc/grpc-js'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../src/predictor/batch-predictor.ts'
import { signatureOf, TYPES } from '../faces/v2/_model.ts'
import { clientOf } from './_client.ts'
import { FLOATS, INFER, rawOf, serveGRPC } from './_simple.ts'

const base64 = (numbers: Int32Array | Float32Array) => Buffer.from(rawOf(numbers)).toString('base64')

const RESULT = {
  ...{ model_name: 'simple', model_version: '1' },
  outputs: ['OUTPUT0', 'OUTPUT1'].map(name => ({ name, datatype: 'INT32', shape: ['3'] })),
  raw_output_contents: [base64(Int32Array.of(11, 22, 33)), base64(Int32Array.of(-9, -18, -27))],
}

const IN_FIELDS = {
  raw_input_contents: [],
  inputs: [
    { name: 'INPUT0', datatype: 'INT32', shape: [3], contents: { int_contents: [1, 2, 3] } },
    { name: 'INPUT1', datatype: 'INT32', shape: [3], contents: { int_contents: [10, 20, 30] } },
  ],
}

describe('GRPCInferenceService', () => {
  it('calls the model with tensors that are raw or in fields, and answers raw', async () => {
    const { client, requests } = await serveGRPC()
    const raw = await client.infer({ id: 'mine' }, { metadata: { 'x-request-id': 'r-1' } })
    expect(raw).toMatchObject({ code: status.OK, message: { ...RESULT, id: 'mine' }, head: { 'x-request-id': 'r-1' } })
    expect((await client.infer(IN_FIELDS)).message).toEqual(RESULT)
    const [first] = requests()
    expect(first).toMatchObject({
      ...{ requestId: 'r-1', method: 'POST', route: INFER, protocol: 'grpc', status: 200, client: '127.0.0.1' },
    })
    expect(requests()).toHaveLength(2)
  })

  it('answers with the outputs that are asked for, in their order', async () => {
    const { client } = await serveGRPC()
    const { message } = await client.infer({ outputs: [{ name: 'OUTPUT1' }] })
    expect(message).toMatchObject({
      outputs: [{ name: 'OUTPUT1' }],
      raw_output_contents: [RESULT.raw_output_contents[1]],
    })
  })

  it('describes itself and its models', async () => {
    const { client } = await serveGRPC()
    expect((await client.ask('ServerLive')).message).toEqual({ live: true })
    expect((await client.ask('ServerReady')).message).toEqual({ ready: true })
    expect((await client.ask('ModelReady', { name: 'simple' })).message).toEqual({ ready: true })
    expect((await client.ask('ModelReady', { name: 'simple', version: '1' })).message).toEqual({ ready: true })
    expect((await client.ask('ServerMetadata')).message).toMatchObject({ name: 'incant' })
    expect((await client.ask('ModelMetadata', { name: 'simple' })).message).toEqual({
      ...{ name: 'simple', versions: ['1'], platform: 'incant' },
      inputs: ['INPUT0', 'INPUT1'].map(name => ({ name, datatype: 'INT32', shape: ['-1'] })),
      outputs: ['OUTPUT0', 'OUTPUT1'].map(name => ({ name, datatype: 'INT32', shape: ['-1'] })),
    })
    expect((await client.ask('RepositoryIndex')).message).toEqual({
      models: [{ name: 'simple', version: '1', state: 'READY', reason: '' }],
    })
  })

  it('knows only its models, and their versions', async () => {
    const { client } = await serveGRPC()
    for (const asked of [{ name: 'other' }, { name: 'simple', version: '2' }, {}])
      for (const method of ['ModelReady', 'ModelMetadata'])
        expect(await client.ask(method, asked)).toMatchObject({ code: status.NOT_FOUND })
    expect(await client.infer({ model_name: 'other' })).toMatchObject({ code: status.NOT_FOUND })
  })

  const one = { name: 'INPUT0', datatype: 'INT32', shape: [3] }
  const two = { ...one, name: 'INPUT1' }
  const three = rawOf(Int32Array.of(1, 2, 3))

  it.each([
    [
      'a raw entry is missing',
      { raw_input_contents: [three] },
      'raw_input_contents has 1 entries, and there are 2 inputs.',
    ],
    [
      'raw and in fields at once',
      { inputs: [{ ...one, contents: { int_contents: [1, 2, 3] } }, two] },
      'inputs[0] has contents, and there are raw_input_contents.',
    ],
    [
      'bytes are left over',
      { raw_input_contents: [three, rawOf(Int32Array.of(1, 2, 3, 4))] },
      'inputs[1] has 16 bytes',
    ],
    [
      'a datatype is none',
      { inputs: [{ ...one, datatype: 'INT3' }, two] },
      'inputs[0] has no datatype of the protocol.',
    ],
    ['a dimension is free', { inputs: [{ ...one, shape: [-1] }, two] }, 'inputs[0] has a dimension that is no size.'],
    [
      'a shape is too large',
      { inputs: [{ ...one, shape: [2 ** 31, 2 ** 31] }, two] },
      'inputs[0] has too large a shape.',
    ],
    ['the rank is another', { inputs: [{ ...one, shape: [1, 3] }, two] }, 'INPUT0 must have the shape [-1]'],
    ['an input is unknown', { inputs: [{ ...one, name: 'x' }, two] }, 'inputs[0] is none of the inputs of the model.'],
    ['an input is missing', { inputs: [one], raw_input_contents: [three] }, 'INPUT1 is missing.'],
    ['an input is there twice', { inputs: [one, one] }, 'INPUT0 is there twice.'],
    [
      'an output is asked for twice',
      { outputs: [{ name: 'OUTPUT0' }, { name: 'OUTPUT0' }] },
      'outputs names an output twice.',
    ],
    [
      'an output is unknown',
      { outputs: [{ name: 'x' }] },
      'outputs[0] is none of the outputs of the model. They are OUTPUT0, OUTPUT1.',
    ],
    [
      'a classification is asked for',
      { outputs: [{ name: 'OUTPUT0', parameters: { classification: { int64_param: 2 } } }] },
      'outputs[0] asks for the extension classification',
    ],
    [
      'contents are in the field of another datatype',
      { ...IN_FIELDS, inputs: [{ ...one, contents: { fp32_contents: [1, 2, 3] } }, IN_FIELDS.inputs[1]] },
      'INPUT0 is INT32, whose contents are int_contents, and has fp32_contents.',
    ],
    [
      'contents are fewer than the shape says',
      { ...IN_FIELDS, inputs: [{ ...one, contents: { int_contents: [1] } }, IN_FIELDS.inputs[1]] },
      'INPUT0 has 1 elements, and its shape says 3.',
    ],
    [
      'a number is past its bounds',
      {
        ...IN_FIELDS,
        inputs: [{ ...one, datatype: 'INT8', contents: { int_contents: [1, 2, 128] } }, IN_FIELDS.inputs[1]],
      },
      'INPUT0 is INT8, and has a number past its bounds.',
    ],
    [
      'halves are in fields',
      { ...IN_FIELDS, inputs: [{ ...one, datatype: 'FP16' }, IN_FIELDS.inputs[1]] },
      'INPUT0 is FP16, which is sent in raw_input_contents.',
    ],
  ])('refuses a request where %s', async (_name, request, text) => {
    const { client } = await serveGRPC()
    const { code, details } = await client.infer(request)
    expect({ code, details }).toEqual({ code: status.INVALID_ARGUMENT, details: expect.stringContaining(text) })
  })

  it('refuses what is no message, with a reason', async () => {
    const { server } = await serveGRPC()
    const { call } = clientOf(server.grpcAddress)
    const { code, details } = await call(INFER, Uint8Array.of(0x0a, 9))
    expect(code).toBe(status.INVALID_ARGUMENT)
    expect(details).toBe('The message does not parse: it ends in the middle of a value.')
    expect(await call('/inference.GRPCInferenceService/Other')).toMatchObject({ code: status.UNIMPLEMENTED })
  })

  it('says nothing of what predict threw but that it did', async () => {
    class Failing extends BasePredictor {
      predict(): never {
        throw new Error('a secret')
      }
    }
    const { client, lines } = await serveGRPC(Failing)
    const { code, details } = await client.infer({}, { metadata: { 'x-request-id': 'r-2' } })
    expect({ code, details }).toEqual({ code: status.INTERNAL, details: 'Internal server error' })
    expect(lines.find(({ message }) => message === 'predict failed')?.fields).toMatchObject({ requestId: 'r-2' })
  })

  it('carries texts, bytes and bits', async () => {
    class Mixed extends BasePredictor {
      predict({ words, on }: { words: string[]; on: boolean[] }): object {
        return { words: words.map(word => `${word}!`), on: on.map(bit => !bit) }
      }
    }
    const members = {
      words: { type: 'array', items: TYPES.string },
      on: { type: 'array', items: TYPES.boolean },
    } as const
    const { client } = await serveGRPC(Mixed, { signature: signatureOf(members, members) })
    const { message } = await client.infer({
      raw_input_contents: [],
      inputs: [
        {
          name: 'words',
          datatype: 'BYTES',
          shape: [2],
          contents: { bytes_contents: [Buffer.from('ä'), Buffer.from('')] },
        },
        { name: 'on', datatype: 'BOOL', shape: [2], contents: { bool_contents: [true, false] } },
      ],
    })
    const words = Buffer.concat([Buffer.of(3, 0, 0, 0), Buffer.from('ä!'), Buffer.of(1, 0, 0, 0), Buffer.from('!')])
    expect(message).toMatchObject({
      outputs: [
        { datatype: 'BYTES', shape: ['2'] },
        { datatype: 'BOOL', shape: ['2'] },
      ],
      raw_output_contents: [words.toString('base64'), Buffer.of(0, 1).toString('base64')],
    })
  })

  it('computes the rows of a request together with those of others, and names one that fails', async () => {
    class Doubled extends BatchPredictor {
      predictBatch(rows: readonly { x: number }[]): (object | Error)[] {
        return rows.map(({ x }) => (x < 0 ? new HTTPException(400, { message: 'is negative' }) : { y: 2 * x }))
      }
    }
    const signature = signatureOf({ x: TYPES.number }, { y: TYPES.number }, { batched: true })
    const { client } = await serveGRPC(Doubled, { signature })
    const send = (...rows: readonly number[]) =>
      client.infer({
        inputs: [{ name: 'x', datatype: 'FP64', shape: [rows.length], contents: { fp64_contents: rows } }],
        raw_input_contents: [],
      })
    const doubled = Buffer.from(Float64Array.of(2, 4, 6).buffer).toString('base64')
    expect(await send(1, 2, 3)).toMatchObject({
      message: { outputs: [{ shape: ['3'] }], raw_output_contents: [doubled] },
    })
    expect(await send(1, -2, 3)).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'Row 1: is negative' })
  })

  it('passes floats without a change of a bit', async () => {
    class Same extends BasePredictor {
      predict({ x }: { x: Float32Array }): object {
        return { y: x }
      }
    }
    const { client } = await serveGRPC(Same, { signature: FLOATS })
    const numbers = Float32Array.of(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e-45)
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [6] }]
    const raw = await client.infer({ inputs, raw_input_contents: [rawOf(numbers)] })
    expect(raw.message).toMatchObject({ raw_output_contents: [base64(numbers)] })
  })
})
