import { describe, expect, test } from 'vitest'
import { toPayloads } from '../../../src/faces/v2/decode.ts'
import { toTensors } from '../../../src/faces/v2/encode.ts'
import { fromSmallBits, SMALL_FLOATS, toSmallBits } from '../../../src/faces/v2/half.ts'
import { planModel } from '../../../src/faces/v2/plan.ts'
import { type NamedTensor, readElements, type TensorData, writeElements } from '../../../src/faces/v2/tensor.ts'
import type { TensorDatatype } from '../../../src/predictor/tensor.ts'
import type { JSONSchema } from '../../../src/schema/json-schema.ts'
import { compileValidator } from '../../../src/validation/validator.ts'
import { arrayOf, planOf, signatureOf, TYPES, tagged, tensorType } from './_model.ts'

interface Row {
  readonly schema: JSONSchema
  readonly datatype: TensorDatatype
  /** As the metadata has it. */
  readonly shape: readonly number[]
  /** As it travels. */
  readonly sent: TensorData
  readonly sizes: readonly number[]
  /** As predict has it. */
  readonly value: unknown
}

const halves = Uint16Array.of(0x3c00, 0xc000)
const pair: JSONSchema = {
  type: 'array',
  prefixItems: [TYPES.number, TYPES.number],
  items: false,
  minItems: 2,
  maxItems: 2,
}

const ROWS: Readonly<Record<string, Row>> = {
  Float32Array: row(TYPES.floats, 'FP32', [-1], Float32Array.of(1.5, -2), [2]),
  Float64Array: row(TYPES.doubles, 'FP64', [-1], Float64Array.of(0.1, 2), [2]),
  Int8Array: row(TYPES.int8, 'INT8', [-1], Int8Array.of(-128, 127), [2]),
  Int16Array: row(TYPES.int16, 'INT16', [-1], Int16Array.of(-1), [1]),
  Uint16Array: row(TYPES.uint16, 'UINT16', [-1], Uint16Array.of(65_535), [1]),
  Int32Array: row(TYPES.int32, 'INT32', [-1], Int32Array.of(-1, 5), [2]),
  Uint32Array: row(TYPES.uint32, 'UINT32', [-1], Uint32Array.of(4_294_967_295), [1]),
  BigInt64Array: row(TYPES.int64, 'INT64', [-1], BigInt64Array.of(-(2n ** 63n)), [1]),
  BigUint64Array: row(TYPES.uint64, 'UINT64', [-1], BigUint64Array.of(2n ** 64n - 1n), [1]),
  Uint8Array: row(TYPES.bytes, 'UINT8', [-1], Uint8Array.of(1, 2), [2]),
  Uint8ClampedArray: row(TYPES.clamped, 'UINT8', [-1], Uint8Array.of(1, 2), [2], Uint8ClampedArray.of(1, 2)),
  'number[]': row(arrayOf(TYPES.number), 'FP64', [-1], Float64Array.of(1, 2.5), [2], [1, 2.5]),
  'number[][]': row(
    arrayOf(arrayOf(TYPES.number)),
    'FP64',
    [-1, -1],
    Float64Array.of(1, 2, 3, 4, 5, 6),
    [2, 3],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ),
  'number[], integers': row(arrayOf(TYPES.integer), 'INT64', [-1], BigInt64Array.of(3n), [1], [3]),
  'bigint[]': row(arrayOf(TYPES.bigint), 'INT64', [-1], BigInt64Array.of(2n ** 60n), [1], [2n ** 60n]),
  '[number, number]': row(pair, 'FP64', [2], Float64Array.of(1, 2), [2], [1, 2]),
  'Float32Array[]': row(
    arrayOf(TYPES.floats),
    'FP32',
    [-1, -1],
    Float32Array.of(1, 2, 3, 4),
    [2, 2],
    [Float32Array.of(1, 2), Float32Array.of(3, 4)],
  ),
  'boolean[]': row(arrayOf(TYPES.boolean), 'BOOL', [-1], Uint8Array.of(1, 0), [2], [true, false]),
  'string[]': row(arrayOf(TYPES.string), 'BYTES', [-1], ['a', 'ü'], [2], ['a', 'ü']),
  'Uint8Array[]': row(arrayOf(TYPES.bytes), 'BYTES', [-1], [Uint8Array.of(255)], [1], [Uint8Array.of(255)]),
  number: row(TYPES.number, 'FP64', [1], Float64Array.of(0.5), [1], 0.5),
  boolean: row(TYPES.boolean, 'BOOL', [1], Uint8Array.of(1), [1], true),
  string: row(TYPES.string, 'BYTES', [1], ['x'], [1], 'x'),
  object: row(TYPES.object, 'BYTES', [1], ['{"a":1}'], [1], { a: 1 }),
  'Tensor<FP32, [-1, 2]>': row(
    tensorType(TYPES.floats, { datatype: 'FP32', shape: [-1, 2] }),
    'FP32',
    [-1, 2],
    Float32Array.of(1, 2),
    [1, 2],
    { datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2) },
  ),
  'Tensor<FP16, [2]>': row(tensorType(TYPES.uint16, { datatype: 'FP16', shape: [2] }), 'FP16', [2], halves, [2], {
    datatype: 'FP16',
    shape: [2],
    data: halves,
  }),
  'Tensor<BOOL, [2]>': row(
    tensorType(arrayOf(TYPES.boolean), { datatype: 'BOOL', shape: [2] }),
    'BOOL',
    [2],
    Uint8Array.of(0, 1),
    [2],
    { datatype: 'BOOL', shape: [2], data: [false, true] },
  ),
  'Float32Array @datatype FP16': row(
    tagged(TYPES.floats, { datatype: 'FP16' }),
    'FP16',
    [-1],
    halves,
    [2],
    Float32Array.of(1, -2),
  ),
  'number[] @datatype BF16': row(
    tagged(arrayOf(TYPES.number), { datatype: 'BF16' }),
    'BF16',
    [-1],
    Uint16Array.of(0x3f80),
    [1],
    [1],
  ),
  'Float32Array @shape 1,2,-1': row(
    tagged(TYPES.floats, { shape: [1, 2, -1] }),
    'FP32',
    [1, 2, -1],
    Float32Array.of(1, 2, 3, 4),
    [1, 2, 2],
  ),
  'Uint8Array @datatype BYTES': row(
    tagged(TYPES.bytes, { datatype: 'BYTES' }),
    'BYTES',
    [1],
    [Uint8Array.of(7, 8)],
    [1],
    Uint8Array.of(7, 8),
  ),
}

function row(
  schema: JSONSchema,
  datatype: TensorDatatype,
  shape: readonly number[],
  sent: TensorData,
  sizes: readonly number[],
  value: unknown = sent,
): Row {
  return { schema, datatype, shape, sent, sizes, value }
}

describe.each(Object.entries(ROWS))('%s', (_type, { schema, datatype, shape, sent, sizes, value }) => {
  const signature = signatureOf({ x: schema }, { x: schema })
  const plan = planOf(signature)
  const tensor: NamedTensor = { name: 'x', datatype, shape: sizes, data: sent }

  test('is the tensor that the metadata says', () => {
    expect(plan.inputs.tensors.map(input => [input.datatype, input.shape])).toEqual([[datatype, shape]])
  })

  test('comes to predict, past the validator, as its type says, and goes back as it came', () => {
    const [payload] = toPayloads(plan, [tensor])
    expect(payload).toEqual({ x: value })
    const validated = compileValidator(signature.parameters[0]?.schema ?? {}, {}).validate(payload)
    expect(validated).toEqual({ ok: true, value: { x: value } })
    expect(toTensors(plan, [payload])).toEqual([tensor])
  })

  test('is the same from its bytes, wherever they lie', () => {
    const bytes = writeElements(sent)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    for (const given of [bytes, shifted.subarray(1)]) {
      const count = sizes.reduce((product, size) => product * size, 1)
      const data = readElements(datatype, given, { name: 'x', count })
      expect(toPayloads(plan, [{ ...tensor, data }])).toEqual([{ x: value }])
    }
  })
})

test('numbers are views of the bytes that came, where those lie as they must', () => {
  const plan = planOf(signatureOf({ x: TYPES.floats }, {}))
  const bytes = writeElements(Float32Array.of(1, 2))
  const [payload] = toPayloads(plan, [
    { name: 'x', datatype: 'FP32', shape: [2], data: readElements('FP32', bytes, { name: 'x', count: 2 }) },
  ])
  expect((payload as { x: Float32Array }).x.buffer).toBe(bytes.buffer)
})

describe('a model that computes many payloads together', () => {
  const plan = planOf(
    signatureOf(
      { x: TYPES.floats, n: TYPES.number, s: TYPES.string },
      { y: TYPES.floats, z: TYPES.string },
      { batched: true },
    ),
  )

  test('has a first dimension for them, and none for a single value', () => {
    expect([...plan.inputs.tensors, ...plan.outputs.tensors].map(({ shape }) => shape)).toEqual([
      [-1, -1],
      [-1],
      [-1],
      [-1, -1],
      [-1],
    ])
  })

  test('takes rows, and gives rows', () => {
    const payloads = toPayloads(plan, [
      { name: 'x', datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: 'n', datatype: 'FP64', shape: [2], data: Float64Array.of(5, 6) },
      { name: 's', datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
    ])
    expect(payloads).toEqual([
      { x: Float32Array.of(1, 2), n: 5, s: 'a' },
      { x: Float32Array.of(3, 4), n: 6, s: 'b' },
    ])
    const results = [
      { y: Float32Array.of(1), z: 'p' },
      { y: Float32Array.of(2), z: 'q' },
    ]
    expect(toTensors(plan, results)).toEqual([
      { name: 'y', datatype: 'FP32', shape: [2, 1], data: Float32Array.of(1, 2) },
      { name: 'z', datatype: 'BYTES', shape: [2], data: ['p', 'q'] },
    ])
  })

  test('rows of different shapes are no tensor', () => {
    const results = [
      { y: Float32Array.of(1), z: '' },
      { y: Float32Array.of(1, 2), z: '' },
    ]
    expect(() => toTensors(plan, results)).toThrow('rows of different shapes as y')
  })
})

describe('halves', () => {
  test.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [65_504, 0x7bff],
    [65_520, 0x7c00],
    [65_519, 0x7bff],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [Number.NaN, 0x7e00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
  ])('%s is %s', (value, bits) => {
    expect(toSmallBits(value, SMALL_FLOATS.FP16)).toBe(bits)
  })

  test('every one of them is itself again', () => {
    for (const format of [SMALL_FLOATS.FP16, SMALL_FLOATS.BF16]) {
      for (let bits = 0; bits < 65_536; bits += 1) {
        const value = fromSmallBits(bits, format)
        if (!Number.isNaN(value)) expect(toSmallBits(value, format)).toBe(bits)
      }
    }
  })
})

describe('what does not fit is refused by its name', () => {
  const plan = planOf(signatureOf({ x: TYPES.doubles, optionalY: TYPES.string }, {}))
  const x: NamedTensor = { name: 'x', datatype: 'FP64', shape: [1], data: Float64Array.of(1) }

  test.each<[string, readonly NamedTensor[], string]>([
    ['a missing input', [], 'x is missing. They are x, optionalY.'],
    ['an input twice', [x, x], 'x is there twice.'],
    ['an unknown input', [x, { ...x, name: 'z' }], 'inputs[1] is none of the inputs of the model.'],
    ['a datatype', [{ ...x, datatype: 'BOOL', data: Uint8Array.of(1) }], 'x must be FP64, and is BOOL.'],
    ['a rank', [{ ...x, shape: [1, 1] }], 'x must have the shape [-1], and has [1, 1].'],
    ['a product', [{ ...x, shape: [2] }], 'x has 1 elements, and its shape says 2.'],
    [
      'an integer past 2^53',
      [{ ...x, datatype: 'INT64', data: BigInt64Array.of(2n ** 53n + 1n) }],
      'x has an integer past 2^53',
    ],
  ])('%s', (_what, tensors, message) => {
    expect(() => toPayloads(plan, tensors)).toThrow(message)
  })

  test('what a wider datatype has a place for is taken', () => {
    const sent = [
      { ...x, datatype: 'INT64', data: BigInt64Array.of(5n) } as const,
      { ...x, datatype: 'FP16', data: Uint16Array.of(0x3c00) } as const,
    ]
    expect(sent.map(tensor => toPayloads(plan, [tensor]))).toEqual([
      [{ x: Float64Array.of(5) }],
      [{ x: Float64Array.of(1) }],
    ])
  })

  test.each<[string, TensorDatatype, Uint8Array, number, string]>([
    ['bytes left over', 'FP32', new Uint8Array(9), 2, 'x has 9 bytes, and its shape and datatype say 8.'],
    ['bytes missing', 'INT64', new Uint8Array(7), 1, 'x has 7 bytes, and its shape and datatype say 8.'],
    ['a length that lies', 'BYTES', Uint8Array.of(255, 255, 255, 255, 1), 1, 'longer than its bytes'],
    ['fewer elements', 'BYTES', Uint8Array.of(0, 0, 0, 0), 2, 'x ends before its 2 elements do.'],
    ['more bytes than elements', 'BYTES', Uint8Array.of(0, 0, 0, 0, 9), 1, 'x has 1 bytes after its 1 elements.'],
    ['a byte that is no bit', 'BOOL', Uint8Array.of(2), 1, 'a byte other than 0 and 1'],
  ])('%s', (_what, datatype, bytes, count, message) => {
    expect(() => readElements(datatype, bytes, { name: 'x', count })).toThrow(message)
  })

  test('text that is not UTF-8, and JSON that is none', () => {
    const texts = planOf(signatureOf({ s: TYPES.string }, {}))
    const objects = planOf(signatureOf({ s: TYPES.object }, {}))
    const s = { name: 's', datatype: 'BYTES', shape: [1] } as const
    expect(() => toPayloads(texts, [{ ...s, data: [Uint8Array.of(255)] }])).toThrow('not UTF-8')
    expect(() => toPayloads(objects, [{ ...s, data: ['{'] }])).toThrow('its text is not JSON')
  })
})

describe('what is no tensor does not fit', () => {
  test.each([
    ['request', 'predict takes the Request'],
    ['form', 'predict takes a form'],
    ['stream', 'predict takes the body as a stream'],
  ] as const)('a parameter of the role %s', (role, reason) => {
    const signature = signatureOf({}, {}, { parameters: [{ name: 'x', role }] })
    expect(planModel(signature)).toMatchObject({ fits: false, reason: expect.stringContaining(reason) })
  })

  test('a stream, a Response, a Tensor of any shape, and tags that do not fit', () => {
    const shapeless = {
      ...tensorType(TYPES.floats, { datatype: 'FP32', shape: [] }),
      'x-incant-tensor': { datatype: 'FP32' },
    } as const
    const signatures = [
      signatureOf({}, {}, { returns: [{ kind: 'stream' }] }),
      signatureOf({}, {}, { returns: [{ kind: 'response' }] }),
      signatureOf({ x: shapeless }, {}),
      signatureOf({ x: tagged(TYPES.string, { datatype: 'FP32' }) }, {}),
    ]
    expect(signatures.map(signature => planModel(signature).fits)).toEqual([false, false, false, false])
  })

  test('a type that is an array of itself is JSON', () => {
    const endless = signatureOf(
      { x: { $ref: '#/$defs/Nest' } },
      {},
      { definitions: { Nest: arrayOf({ $ref: '#/$defs/Nest' }) } },
    )
    expect(planOf(endless).inputs.tensors[0]?.layout).toEqual({ kind: 'json' })
  })
})
