import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  INFER_TENSOR_CONTENTS,
  type InferTensor,
  MODEL_INFER_REQUEST,
  MODEL_INFER_RESPONSE,
  MODEL_METADATA_RESPONSE,
  REPOSITORY_INDEX_RESPONSE,
} from '../../../src/faces/grpc/messages.ts'
import { decode, TooManyValues } from '../../../src/faces/grpc/protobuf/decode.ts'
import { encode } from '../../../src/faces/grpc/protobuf/encode.ts'
import { MalformedMessage } from '../../../src/faces/grpc/protobuf/reader.ts'
import { read, write } from '../../grpc/_protobuf.ts'

const LIMITS = { maxValues: 100_000 }

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

const list = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 8 })

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const float = fc.float({ noNaN: true })
const double = fc.double({ noNaN: true })
const text = fc.string({ unit: 'binary' })

describe('a message', () => {
  it('is read as protobufjs has written it', () => {
    const contents = fc.record({
      bool_contents: list(fc.boolean()),
      int_contents: list(int32),
      int64_contents: list(int64),
      uint_contents: list(uint32),
      uint64_contents: list(uint64),
      fp32_contents: list(float),
      fp64_contents: list(double),
      bytes_contents: list(fc.uint8Array({ maxLength: 8 })),
    })
    fc.assert(
      fc.property(contents, given => {
        const asText = {
          ...given,
          int64_contents: given.int64_contents.map(String),
          uint64_contents: given.uint64_contents.map(String),
        }
        const found = decode(INFER_TENSOR_CONTENTS, write('InferTensorContents', asText), LIMITS)
        const present = Object.fromEntries(
          Object.entries(given)
            .filter(([, values]) => values.length > 0)
            .map(([name, values]) => [name, values.map(value => (typeof value === 'boolean' ? Number(value) : value))]),
        )
        const numbers = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, Array.from(values)]))
        expect(numbers).toEqual(present)
      }),
    )
  })

  it('is written so that protobufjs reads it', () => {
    const output = fc.record({ name: text, datatype: text, shape: list(int64) })
    const message = fc.record({
      model_name: text,
      id: text,
      outputs: list(output),
      raw: list(fc.uint8Array({ maxLength: 99 })),
    })
    fc.assert(
      fc.property(message, ({ model_name, id, outputs, raw }) => {
        const tensors: InferTensor[] = outputs.map(each => ({ ...each, shape: BigInt64Array.from(each.shape) }))
        const written = encode(MODEL_INFER_RESPONSE, { model_name, id, outputs: tensors, raw_output_contents: raw })
        expect(read('ModelInferResponse', written)).toEqual({
          ...{ model_name, id },
          ...(outputs.length > 0 && {
            outputs: outputs.map(({ name, datatype, shape }) => ({
              ...{ name, datatype },
              ...(shape.length > 0 && { shape: shape.map(String) }),
            })),
          }),
          ...(raw.length > 0 && { raw_output_contents: raw.map(each => Buffer.from(each).toString('base64')) }),
        })
      }),
    )
  })

  it('has its parameters as entries, of which the one that was chosen is there', () => {
    const parameters = {
      on: { bool_param: false },
      low: { int64_param: '-9007199254740993' },
      high: { uint64_param: '18446744073709551615' },
      half: { double_param: 0.5 },
      word: { string_param: '' },
    }
    const { parameters: entries = [] } = decode(MODEL_INFER_REQUEST, write('ModelInferRequest', { parameters }), LIMITS)
    expect(Object.fromEntries(entries.map(({ key, value }) => [key, value]))).toEqual({
      on: { bool_param: false },
      low: { int64_param: -9007199254740993n },
      high: { uint64_param: 18446744073709551615n },
      half: { double_param: 0.5 },
      word: { string_param: '' },
    })
  })

  it('of metadata and of the index is written whole', () => {
    const tensor = { name: 'x', datatype: 'FP32', shape: BigInt64Array.of(-1n, 3n) }
    const metadata = encode(MODEL_METADATA_RESPONSE, {
      ...{ name: 'm', versions: ['1'], platform: 'incant', inputs: [tensor], outputs: [tensor] },
    })
    const described = { name: 'x', datatype: 'FP32', shape: ['-1', '3'] }
    expect(read('ModelMetadataResponse', metadata)).toEqual({
      ...{ name: 'm', versions: ['1'], platform: 'incant', inputs: [described], outputs: [described] },
    })
    const models = [{ name: 'm', version: '1', state: 'READY', reason: '' }]
    expect(read('RepositoryIndexResponse', encode(REPOSITORY_INDEX_RESPONSE, { models }))).toEqual({ models })
  })
})

describe('a reader', () => {
  it('takes packed numbers and single ones, in any order, and leaves out what it does not know', () => {
    const message = bytes(
      // int_contents: 1, then packed -1 and 300, then a field 15 of each wire type, then 2.
      ...[0x10, 1, 0x12, 12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xac, 0x02],
      ...[0x78, 5, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 9, 9, 0x7d, 1, 2, 3, 4],
      ...[0x10, 2],
    )
    expect(decode(INFER_TENSOR_CONTENTS, message, LIMITS)).toEqual({ int_contents: Int32Array.of(1, -1, 300, 2) })
  })

  it('leaves out a field that was sent as something else', () => {
    expect(decode(MODEL_INFER_REQUEST, bytes(0x08, 7), LIMITS)).toEqual({})
  })

  it.each([
    ['a length past the end', [0x0a, 9, 1]],
    ['a length of 64 bits', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a varint without an end', [0x78, 0xff]],
    ['a varint of eleven bytes', [0x78, ...Array.from({ length: 10 }, () => 0xff), 0x01]],
    ['a group', [0x7b, 0x7c]],
    ['the field 0', [0x02, 0]],
    ['a text that is not UTF-8', [0x0a, 1, 0xff]],
    ['a message in it that does not parse', [0x2a, 2, 0x0a, 9]],
  ])('refuses %s', (_name, message) => {
    expect(() => decode(MODEL_INFER_REQUEST, Uint8Array.from(message), LIMITS)).toThrow(MalformedMessage)
  })

  it('refuses packed numbers that are not whole', () => {
    expect(() => decode(INFER_TENSOR_CONTENTS, bytes(0x32, 3, 1, 2, 3), LIMITS)).toThrow(MalformedMessage)
    expect(() => decode(INFER_TENSOR_CONTENTS, bytes(0x12, 1, 0xff), LIMITS)).toThrow(MalformedMessage)
  })

  it('reads no more values one by one than it may, and any number of those that are copied', () => {
    const limits = { maxValues: 100 }
    const many = Array.from({ length: 200 }, (_, index) => index)
    const read = (contents: object) => decode(INFER_TENSOR_CONTENTS, write('InferTensorContents', contents), limits)
    expect(() => read({ int_contents: many })).toThrow(TooManyValues)
    expect(() => read({ bytes_contents: many.map(() => bytes()) })).toThrow(TooManyValues)
    expect(() => decode(MODEL_INFER_REQUEST, Uint8Array.from(many.flatMap(() => [0x2a, 0])), limits)).toThrow(
      TooManyValues,
    )
    expect(() => decode(MODEL_INFER_REQUEST, write('ModelInferRequest', { id: 'x'.repeat(7000) }), limits)).toThrow(
      TooManyValues,
    )
    expect(read({ fp32_contents: many }).fp32_contents).toEqual(Float32Array.from(many))
    expect(read({ int_contents: many.slice(0, 99) }).int_contents).toHaveLength(99)
  })

  it('reads any bytes, or says that they are no message', () => {
    const seed = write('ModelInferRequest', {
      ...{ model_name: 'simple', id: '7', parameters: { a: { int64_param: 1 } } },
      inputs: [{ name: 'x', datatype: 'INT32', shape: [2], contents: { int_contents: [1, 2] } }],
      raw_input_contents: [bytes(1, 2, 3)],
    })
    const mutation = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(mutation, fc.nat(seed.length), (changes, length) => {
        const mutated = Uint8Array.from(seed).subarray(0, length || seed.length)
        for (const [at, value] of changes) mutated[at] = value
        try {
          decode(MODEL_INFER_REQUEST, mutated, LIMITS)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
