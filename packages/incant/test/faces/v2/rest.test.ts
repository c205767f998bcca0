import { describe, expect, test } from 'vitest'
import { bearerAuth } from '../../../src/auth/index.ts'
import { BasePredictor } from '../../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../../src/predictor/batch-predictor.ts'
import { serveInMemory } from '../../app/_serving.ts'
import { BYTES, binaryInput, type InferAnswer, jsonInput, readAnswer, Simple, serveModel } from './_infer.ts'
import { arrayOf, signatureOf, TYPES, tagged } from './_model.ts'

const INPUTS = [jsonInput('INPUT0'), jsonInput('INPUT1')]

test('says what the server, its models and their tensors are', async () => {
  const { ask } = await serveModel()
  const read = async (path: string, init?: RequestInit) => (await ask(path, init)).json()
  expect(await read('/v2')).toEqual({
    name: 'incant',
    version: '2',
    extensions: ['binary_tensor_data', 'model_repository'],
  })
  expect(await read('/v2/')).toEqual(await read('/v2'))
  expect(await read('/v2/health/live')).toEqual({ live: true })
  expect(await read('/v2/health/ready')).toEqual({ ready: true })
  const row = { datatype: 'INT32', shape: [-1, 4] }
  const metadata = {
    name: 'simple',
    versions: ['1'],
    platform: 'incant',
    inputs: [
      { name: 'INPUT0', ...row },
      { name: 'INPUT1', ...row },
    ],
    outputs: [
      { name: 'OUTPUT0', ...row },
      { name: 'OUTPUT1', ...row },
    ],
  }
  expect(await read('/v2/models/simple')).toEqual(metadata)
  expect(await read('/v2/models/simple/versions/1')).toEqual(metadata)
  expect(await read('/v2/models/simple/ready')).toEqual({ name: 'simple', ready: true })
  expect(await read('/v2/models/simple/versions/1/ready')).toEqual({ name: 'simple', ready: true })
  const index = [{ name: 'simple', version: '1', state: 'READY', reason: '' }]
  expect(await read('/v2/repository/index', { method: 'POST' })).toEqual(index)
})

test('a model with a version is found by it, and what may be left out or is JSON says so', async () => {
  const signature = signatureOf({ optionalText: TYPES.string, object: TYPES.object }, {})
  const { ask } = await serveModel(Simple, signature, { modelInfo: { name: 'simple', version: 'v3', path: '/' } })
  const metadata = (await (await ask('/v2/models/simple/versions/v3')).json()) as {
    versions: string[]
    inputs: object[]
  }
  expect(metadata.versions).toEqual(['v3'])
  expect(metadata.inputs).toEqual([
    { name: 'optionalText', datatype: 'BYTES', shape: [1], parameters: { optional: true } },
    { name: 'object', datatype: 'BYTES', shape: [1], parameters: { content_type: 'json' } },
  ])
  expect((await ask('/v2/models/simple/versions/1')).status).toBe(404)
})

describe('infer', () => {
  test('takes JSON, and answers in JSON, with the id', async () => {
    const { infer } = await serveModel()
    const response = await infer({ id: '42', inputs: INPUTS })
    expect(response.headers.get('content-type')).toBe('application/json')
    const row = { datatype: 'INT32', shape: [1, 4] }
    expect((await readAnswer(response)).answer).toEqual({
      model_name: 'simple',
      model_version: '1',
      id: '42',
      outputs: [
        { name: 'OUTPUT0', ...row, data: [2, 4, 6, 8] },
        { name: 'OUTPUT1', ...row, data: [0, 0, 0, 0] },
      ],
    })
  })

  test('takes arrays in arrays, and white space', async () => {
    const { ask } = await serveModel()
    const body = `{ "inputs" : [ {"name":"INPUT0","datatype":"INT32","shape":[1,4], "data" : [ [1, 2 ,3,\n4] ] },
      {"name":"INPUT1","datatype":"INT32","shape":[1,4],"data":[0,0,0,1e0]} ] }`
    const { answer } = await readAnswer(await ask('/v2/models/simple/infer', { method: 'POST', body }))
    expect(answer.outputs[0]?.data).toEqual([1, 2, 3, 5])
  })

  test('takes bytes behind the JSON, and mixes both; each output is as it is asked for', async () => {
    const { infer } = await serveModel()
    const response = await infer(
      {
        inputs: [binaryInput('INPUT0'), jsonInput('INPUT1')],
        parameters: { binary_data_output: true },
        outputs: [{ name: 'OUTPUT1', parameters: { binary_data: false } }, { name: 'OUTPUT0' }],
      },
      [BYTES],
    )
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    const { answer, bytes } = await readAnswer(response)
    expect(answer.outputs).toMatchObject([
      { name: 'OUTPUT1', data: [0, 0, 0, 0] },
      { name: 'OUTPUT0', parameters: { binary_data_size: 16 } },
    ])
    expect(new Int32Array(bytes.buffer)).toEqual(Int32Array.of(2, 4, 6, 8))
  })

  test.each(Array.from({ length: 8 }, (_, index) => 'x'.repeat(index)))(
    'wherever the bytes begin: id "%s"',
    async id => {
      const { infer } = await serveModel()
      const mixed = await infer({ id, inputs: [binaryInput('INPUT0'), jsonInput('INPUT1')] }, [BYTES])
      const bytes = await infer({ id, inputs: [binaryInput('INPUT0'), binaryInput('INPUT1')] }, [BYTES, BYTES])
      for (const response of [mixed, bytes]) {
        const { answer } = await readAnswer(response)
        expect(answer.outputs.map(({ data }) => data)).toEqual([
          [2, 4, 6, 8],
          [0, 0, 0, 0],
        ])
      }
    },
  )

  test('integers of 64 bits keep their digits', async () => {
    class Echo extends BasePredictor {
      predict(payload: unknown): unknown {
        return payload
      }
    }
    const { ask } = await serveModel(Echo, signatureOf({ x: TYPES.uint64 }, { x: TYPES.uint64 }))
    const body =
      '{"inputs":[{"name":"x","datatype":"UINT64","shape":[3],"data":[18446744073709551615,9007199254740993,1]}]}'
    const text = await (await ask('/v2/models/simple/infer', { method: 'POST', body })).text()
    expect(text).toContain('"data":[18446744073709551615,9007199254740993,1]')
  })

  test('a tensor of an image in JSON, which is read in turns, comes whole', async () => {
    class Sum extends BasePredictor {
      predict({ x }: { x: Float32Array }): object {
        return { y: x.reduce((sum, value) => sum + value, 0) }
      }
    }
    const { infer } = await serveModel(
      Sum,
      signatureOf({ x: tagged(TYPES.floats, { shape: [1, 3, 224, 224] }) }, { y: TYPES.number }),
    )
    const data = Array.from({ length: 3 * 224 * 224 }, (_, index) => index % 2)
    const { answer } = await readAnswer(
      await infer({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 3, 224, 224], data }] }),
    )
    expect(answer.outputs[0]?.data).toEqual([75_264])
  })

  test('what predict throws is the error of the protocol', async () => {
    class Failing extends BasePredictor {
      predict(): never {
        throw new Error('a secret')
      }
    }
    const { infer } = await serveModel(Failing)
    const response = await infer({ inputs: INPUTS })
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: 'Internal server error', code: 'internal' })
  })
})

describe('rows of a batch', () => {
  const batches: unknown[][] = []
  class Lengths extends BatchPredictor {
    async predictBatch(texts: { text: string }[]): Promise<object[]> {
      batches.push(texts)
      await new Promise(resolve => setImmediate(resolve))
      return texts.map(({ text }) => ({ length: text.length }))
    }
  }
  const signature = signatureOf({ text: { type: 'string', maxLength: 3 } }, { length: TYPES.number }, { batched: true })
  const request = (texts: readonly string[]) => ({
    inputs: [{ name: 'text', datatype: 'BYTES', shape: [texts.length], data: texts }],
  })

  test('are computed together with those of others, and answered in their order', async () => {
    const { infer } = await serveModel(Lengths, signature)
    const answers = await Promise.all(
      [
        ['a', 'bb', 'ccc'],
        ['dd', 'e', ''],
      ].map(texts => infer(request(texts)).then(readAnswer)),
    )
    expect(answers.map(({ answer }) => answer.outputs[0])).toEqual([
      { name: 'length', datatype: 'FP64', shape: [3], data: [1, 2, 3] },
      { name: 'length', datatype: 'FP64', shape: [3], data: [2, 1, 0] },
    ])
    expect(batches.flat()).toHaveLength(6)
    expect(batches.length).toBeLessThan(6)
  })

  test('one that is not as it should be is named', async () => {
    const { infer } = await serveModel(Lengths, signature)
    const response = await infer(request(['a', 'bbbb', 'c']))
    expect(response.status).toBe(400)
    expect((await readAnswer(response)).answer.error).toBe(
      'Row 1 does not match what predict takes: #/text must have at most 3 characters.',
    )
  })
})

describe('what is not as it should be is a 400 with a text', () => {
  type Case = readonly [
    what: string,
    document: unknown,
    error: string,
    binary?: readonly Uint8Array[] | undefined,
    headers?: Record<string, string>,
  ]
  const [first] = INPUTS
  const CASES: readonly Case[] = [
    ['no JSON', undefined, 'The body must be JSON; it is empty.'],
    ['no object', [], 'The request must be a JSON object with inputs.'],
    ['no inputs', {}, 'inputs must be an array.'],
    ['an input that is none', { inputs: [1] }, 'inputs[0] must be an object.'],
    ['an input without a name', { inputs: [{}] }, 'inputs[0].name must be a string.'],
    ['an unknown datatype', { inputs: [{ name: 'INPUT0', datatype: 'FP8' }] }, 'inputs[0].datatype must be a datatype'],
    [
      'a shape that is none',
      { inputs: [{ ...jsonInput('INPUT0'), shape: [-1] }] },
      'inputs[0].shape must be an array of whole numbers',
    ],
    [
      'neither data nor bytes',
      { inputs: [{ ...jsonInput('INPUT0'), data: undefined }] },
      'inputs[0] must have either data',
    ],
    ['both', { inputs: [{ ...binaryInput('INPUT0'), data: [1] }] }, 'inputs[0] must have either data', [BYTES]],
    [
      'an object for text',
      { inputs: [{ name: 'INPUT0', datatype: 'BYTES', shape: [1], data: [{ b64: 'AA==' }] }] },
      'inputs[0] is BYTES, and has an element that is no string.',
    ],
    [
      'a number of another kind',
      { inputs: [jsonInput('INPUT0', [1, 2, 3, 4.5])] },
      'inputs[0] has an element that no INT32 is.',
    ],
    [
      'a number that is none',
      { inputs: [jsonInput('INPUT0', [1, 2, 3, null])] },
      'inputs[0] is INT32, and has an element of another kind.',
    ],
    [
      'arrays of another shape',
      {
        inputs: [
          jsonInput('INPUT0', [
            [1, 2],
            [3, 4],
          ]),
        ],
      },
      'The data of inputs[0] is neither one row of elements nor arrays of the shape [1, 4].',
    ],
    ['arrays too deep', { inputs: [jsonInput('INPUT0', [[[1, 2, 3, 4]]])] }, 'The data of inputs[0] is neither'],
    [
      'fewer elements',
      { inputs: [jsonInput('INPUT0', [1, 2, 3])] },
      'inputs[0] has fewer elements than its shape says.',
    ],
    [
      'a shape that lies',
      { inputs: [{ ...jsonInput('INPUT0'), shape: [2 ** 40] }] },
      'inputs[0] has fewer elements than its shape says.',
    ],
    [
      'FP16 in JSON',
      { inputs: [{ name: 'INPUT0', datatype: 'FP16', shape: [1], data: [1] }] },
      'inputs[0] is FP16, which JSON has no form for',
    ],
    [
      'more texts than may be made',
      { inputs: [{ name: 'INPUT0', datatype: 'BYTES', shape: [200_001], data: ['a'] }] },
      'inputs[0] has 200001 values, and may have 200000',
    ],
    [
      'more texts than may be made, as bytes',
      { inputs: [{ name: 'INPUT0', datatype: 'BYTES', shape: [200_001], parameters: { binary_data_size: 800_004 } }] },
      'inputs[0] has 200001 values, and may have 200000',
      [new Uint8Array(800_004)],
    ],
    ['an input twice', { inputs: [first, first] }, 'INPUT0 is there twice.'],
    ['an input too few', { inputs: [first] }, 'INPUT1 is missing. They are INPUT0, INPUT1.'],
    ['an unknown input', { inputs: [...INPUTS, jsonInput('INPUT2')] }, 'inputs[2] is none of the inputs of the model.'],
    [
      'an unknown output',
      { inputs: INPUTS, outputs: [{ name: 'x' }] },
      'outputs[0] is none of the outputs of the model. They are OUTPUT0, OUTPUT1.',
    ],
    [
      'an output twice',
      { inputs: INPUTS, outputs: [{ name: 'OUTPUT0' }, { name: 'OUTPUT0' }] },
      'outputs names an output twice.',
    ],
    [
      'classification',
      { inputs: INPUTS, outputs: [{ name: 'OUTPUT0', parameters: { classification: 3 } }] },
      'outputs[0] asks for the extension classification',
    ],
    ['a sequence', { inputs: INPUTS, parameters: { sequence_id: 1 } }, 'The request has sequence_id'],
    [
      'a flag that is none',
      { inputs: INPUTS, parameters: { binary_data_output: 1 } },
      'binary_data_output must be true or false.',
    ],
    ['parameters that are none', { inputs: INPUTS, parameters: [] }, 'The request has parameters that are no object.'],
    ['an id that is none', { inputs: INPUTS, id: 1 }, 'id must be a string.'],
    ['bytes left over', { inputs: INPUTS }, '16 bytes of the body belong to no input.', [BYTES]],
    [
      'more bytes than there are',
      { inputs: [binaryInput('INPUT0', 20), jsonInput('INPUT1')] },
      'binary_data_size of inputs[0] is 20, and 16 bytes are left of the body.',
      [BYTES],
    ],
    [
      'a size that is no number',
      { inputs: [{ ...binaryInput('INPUT0'), parameters: { binary_data_size: -1 } }] },
      'inputs[0].parameters.binary_data_size must be a whole number',
      [BYTES],
    ],
    [
      'a size that the shape does not have',
      { inputs: [binaryInput('INPUT0', 12), jsonInput('INPUT1')] },
      'inputs[0] has 12 bytes, and its shape and datatype say 16.',
      [BYTES.subarray(4)],
    ],
    [
      'a header that lies',
      { inputs: INPUTS },
      'Inference-Header-Content-Length must be the number of bytes',
      undefined,
      { 'Inference-Header-Content-Length': '99999' },
    ],
    [
      'a header that is no number',
      { inputs: INPUTS },
      'Inference-Header-Content-Length must be',
      undefined,
      { 'Inference-Header-Content-Length': '1e2' },
    ],
    [
      'a header that ends in the JSON',
      { inputs: INPUTS },
      'The request must be JSON.',
      undefined,
      { 'Inference-Header-Content-Length': '20' },
    ],
  ]

  test.each(CASES.map(([what, ...given]) => [what, given] as const))('%s', async (_what, given) => {
    const [document, error, binary, headers] = given
    const { infer } = await serveModel()
    const response = await infer(document ?? undefined, binary, headers)
    const answer = (await response.json()) as InferAnswer & { readonly requestId: string }
    expect({ status: response.status, error: answer.error }).toEqual({
      status: 400,
      error: expect.stringContaining(error),
    })
    expect(answer.requestId).toBe(response.headers.get('x-request-id'))
  })

  test('a member that is spelled with escapes is read all the same, within the limits of JSON', async () => {
    const { ask } = await serveModel()
    const body = JSON.stringify({ inputs: INPUTS }).replaceAll('"data"', '"d\\u0061ta"')
    const { answer } = await readAnswer(await ask('/v2/models/simple/infer', { method: 'POST', body }))
    expect(answer.error).toContain('inputs[0] must have either data')
  })
})

test.each([
  ['GET', '/v2/models/absent', 404, 'The model, or this version of it, does not exist.'],
  ['GET', '/v2/models/absent/ready', 404, 'The model, or this version of it, does not exist.'],
  ['POST', '/v2/models/simple/versions/2/infer', 404, 'The model, or this version of it, does not exist.'],
  ['GET', '/v2/other', 404, 'Not found'],
  ['PUT', '/v2/models/simple/infer', 405, 'Use POST.'],
  ['POST', '/v2/repository/models/simple/load', 400, 'The models of this server are those that it was started with'],
])('%s %s is a %i in the form of the protocol', async (method, path, status, error) => {
  const { ask } = await serveModel()
  const response = await ask(path, { method })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ status, error: expect.stringContaining(error) })
})

test('every route but those of the health of the server asks for credentials', async () => {
  class Guarded extends Simple {
    @bearerAuth({ tokens: ['a-key-of-the-test'] })
    override predict(rows: Parameters<Simple['predict']>[0]): object {
      return super.predict(rows)
    }
  }
  const { ask } = await serveModel(Guarded)
  const paths = [
    '/v2',
    '/v2/models/simple',
    '/v2/models/simple/ready',
    '/v2/repository/index',
    '/v2/models/simple/infer',
    '/v1/models',
    '/v1/models/simple',
    '/v1/models/simple:predict',
  ]
  for (const path of paths) {
    const method = /infer|index|predict/.test(path) ? 'POST' : 'GET'
    const response = await ask(path, { method })
    expect({ path, status: response.status }).toEqual({ path, status: 401 })
    if (path.startsWith('/v2')) expect(await response.json()).toMatchObject({ error: expect.any(String) })
  }
  expect((await ask('/v2/health/live')).status).toBe(200)
  expect((await ask('/v2/health/ready')).status).toBe(200)
  const headers = { authorization: 'Bearer a-key-of-the-test' }
  const body = JSON.stringify({ inputs: INPUTS })
  expect((await ask('/v2/models/simple/infer', { method: 'POST', headers, body })).status).toBe(200)
})

test('a model whose types are no tensors ends the start, where the protocol is asked for', async () => {
  const start = serveInMemory(Simple, {
    signature: signatureOf({}, {}, { returns: [{ kind: 'stream' }] }),
    protocols: ['v2'],
  })
  await expect(start).rejects.toMatchObject({
    code: 'protocol_unfit',
    found: expect.stringContaining('predict gives a stream'),
  })
})

describe('version 1', () => {
  class Double extends BatchPredictor {
    predictBatch(rows: { x: number }[]): object[] {
      return rows.map(({ x }) => ({ y: x * 2 }))
    }
  }
  const signature = signatureOf({ x: TYPES.number }, { y: TYPES.number }, { batched: true })
  const predict = async (body: unknown, path = '/v1/models/simple:predict') => {
    const { ask } = await serveModel(Double, signature)
    const headers = { 'content-type': 'application/json' }
    return ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  test('lists the models in the form of the OpenAI API, too', async () => {
    const { ask } = await serveModel(Double, signature)
    const model = {
      id: 'simple',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'incant',
      name: 'simple',
      ready: true,
    }
    expect(await (await ask('/v1/models')).json()).toEqual({ object: 'list', data: [model], models: ['simple'] })
    expect(await (await ask('/v1/models/simple')).json()).toEqual(model)
  })

  test.each(['instances', 'inputs'])('predicts for each of the %s', async name => {
    const response = await predict({ [name]: [{ x: 1 }, { x: 2 }] })
    expect(await response.json()).toEqual({ predictions: [{ y: 2 }, { y: 4 }] })
  })

  test.each<[unknown, number, string, string?]>([
    [{}, 400, 'The body must be a JSON object with either instances or inputs, an array.'],
    [{ instances: [], inputs: [] }, 400, 'either instances or inputs'],
    [
      { instances: [{ x: 1 }, { x: 'a' }] },
      400,
      'instances[1] does not match what predict takes: #/x must be a number.',
    ],
    [{ instances: [] }, 404, 'The model does not exist.', '/v1/models/absent:predict'],
    [{ instances: [] }, 404, 'The path of a call ends with :predict.', '/v1/models/simple:explain'],
  ])('%j is a %i', async (body, status, error, path) => {
    const response = await predict(body, path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: expect.stringContaining(error) })
  })

  test('bytes are those of b64, both ways', async () => {
    class Reverse extends BasePredictor {
      predict(bytes: Uint8Array): Uint8Array {
        return bytes.toReversed()
      }
    }
    const bytes = {
      ...signature,
      batched: false,
      parameters: [{ name: 'image', role: 'bytes' as const }],
      returns: [{ kind: 'bytes' as const }],
    }
    const { ask } = await serveModel(Reverse, bytes)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ instances: [{ b64: 'AQID' }] })
    const response = await ask('/v1/models/simple:predict', { method: 'POST', headers, body })
    expect(await response.json()).toEqual({ predictions: [{ b64: 'AwIB' }] })
  })
})

test('a request of many values is refused where they would all be values of JavaScript', async () => {
  const { infer } = await serveModel(Simple, signatureOf({ x: arrayOf(TYPES.number) }, {}))
  const bytes = new Uint8Array(8 * 200_001)
  const input = { name: 'x', datatype: 'FP64', shape: [200_001], parameters: { binary_data_size: bytes.length } }
  const response = await infer({ inputs: [input] }, [bytes])
  expect(response.status).toBe(400)
})
