import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFile } from '../../src/runtimes/onnx/describe-file.ts'
import type { ModelDescription } from '../../src/runtimes/runtime.ts'
import {
  externalWeight,
  type GraphParts,
  graph,
  join as joinBytes,
  message,
  model,
  nodeWith,
  otherValue,
  tensor,
  varint,
  weight,
} from './_onnx.ts'

let folder = ''

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'incant-onnx-')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const LIMIT = { maxSize: 2 * 1024 ** 3, threads: 1 }

function write(bytes: Uint8Array | string, name = 'm.onnx'): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

function read(parts: GraphParts): ModelDescription {
  return describeFile(write(model(parts)), LIMIT)
}

/** What a refusal says. */
function refusal(bytes: Uint8Array | string, options = LIMIT): Record<string, unknown> {
  const path = write(bytes)
  try {
    describeFile(path, options)
  } catch (thrown) {
    expect(thrown).toMatchObject({ name: 'StartupError', code: 'invalid_model_file' })
    const { found, instead } = thrown as { found: string; instead: string | undefined }
    return { found, instead }
  }
  throw new Error('the file was not refused')
}

describe('what an ONNX file declares', () => {
  it('is its inputs and outputs: names, datatypes, sizes, and names of free dimensions', () => {
    const inputs = [tensor('x', 1, ['batch', 3, 224, '']), tensor('sr', 7, []), tensor('any', 1)]
    expect(read({ inputs })).toEqual({
      inputs: [
        { name: 'x', datatype: 'FP32', shape: ['batch', 3, 224, ''] },
        { name: 'sr', datatype: 'INT64', shape: [] },
        { name: 'any', datatype: 'FP32' },
      ],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', 2] }],
    })
  })

  it.each([
    [1, 'FP32'],
    [2, 'UINT8'],
    [3, 'INT8'],
    [4, 'UINT16'],
    [5, 'INT16'],
    [6, 'INT32'],
    [7, 'INT64'],
    [8, 'BYTES'],
    [9, 'BOOL'],
    [10, 'FP16'],
    [11, 'FP64'],
    [12, 'UINT32'],
    [13, 'UINT64'],
  ])('the element type %i is %s', (elementType, datatype) => {
    expect(read({ inputs: [tensor('x', elementType, [1])] }).inputs).toEqual([{ name: 'x', datatype, shape: [1] }])
  })

  it('a size of 0 or less is one that is not known', () => {
    const dimension = (value: Uint8Array) => message([1, message([1, message([1, 1], [2, message([1, value])])])])
    const minusOne = joinBytes([varint(8), Uint8Array.from([...Array(9).fill(255), 1])])
    const zero = message([1, 0])
    for (const size of [minusOne, zero]) {
      const value = message([1, 'x'], [2, dimension(size).subarray(2)])
      expect(read({ inputs: [value] }).inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [''] }])
    }
  })

  it('leaves out weights that old files list as inputs', () => {
    const inputs = [tensor('x', 1, [4]), tensor('w', 1, [4])]
    expect(read({ inputs, weights: [weight('w')] }).inputs.map(({ name }) => name)).toEqual(['x'])
  })

  it('is read past weights of more than a gigabyte', () => {
    const size = 1_200_000_000
    const raw = joinBytes([varint(8 * 9 + 2), varint(size)])
    const named = message([8, 'w'])
    const weights = joinBytes([varint(5 * 8 + 2), varint(named.length + raw.length + size), named, raw])
    const rest = message([11, tensor('x', 1, [4])], [12, tensor('y', 1, [4])])
    const graphLength = rest.length + weights.length + size
    const head = joinBytes([message([1, 8]), varint(7 * 8 + 2), varint(graphLength), rest, weights])
    const path = write(head, 'large.onnx')
    // The weights are a hole in the file.
    truncateSync(path, head.length + size)
    expect(describeFile(path, LIMIT).inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [4] }])
  })
})

describe('a file is refused', () => {
  it.each([
    ['nothing in it', '', 'm.onnx is empty', undefined],
    ['text', 'hello, this is a text', 'm.onnx is not an ONNX model', /Export the model to ONNX/],
    ['a page', '<!doctype html><title>404</title>', 'm.onnx is not an ONNX model', /--runtime PACKAGE/],
    [
      'a pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1\n',
      /is a pointer of Git LFS/,
      /git lfs pull/,
    ],
  ])('with %s', (_name, text, found, instead) => {
    const refused = refusal(text)
    expect(refused['found']).toMatch(found)
    if (instead !== undefined) expect(refused['instead']).toMatch(instead)
  })

  it('that is cut off anywhere', () => {
    const whole = model({ inputs: [tensor('x', 1, ['n', 4])], weights: [weight('w')] })
    const graphEnd = whole.length - message([8, message([1, ''], [2, 17])]).length
    for (let length = 2; length < graphEnd; length += 1) {
      const { found } = refusal(whole.subarray(0, length))
      expect(found).toMatch(/^m\.onnx is (cut off or damaged: |not an ONNX model)/)
    }
  })

  it('with bytes changed anywhere, or read: it never throws anything else', () => {
    const whole = model({ inputs: [tensor('x', 1, ['n', 4])], weights: [weight('w')] })
    let refused = 0
    for (let index = 0; index < whole.length; index += 1) {
      for (const byte of [0, 0x7f, 0xff]) {
        const changed = whole.slice()
        changed[index] = byte
        const path = write(changed)
        try {
          describeFile(path, LIMIT)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'invalid_model_file' })
          refused += 1
        }
      }
    }
    expect(refused).toBeGreaterThan(50)
  })

  it.each([
    ['a sequence', otherValue('tokens', 4), /has the input "tokens", which is a sequence: only tensors/],
    ['a map', otherValue('words', 5), /has the input "words", which is a map: only tensors/],
    ['an optional value', otherValue('mask', 9), /has the input "mask", which is an optional value/],
    ['a sparse tensor', otherValue('s', 8), /has the input "s", which is a sparse tensor/],
    ['bfloat16', tensor('b', 16, [1]), /has the input "b", which is a tensor of bfloat16/],
    ['int4', tensor('q', 22, [1]), /has the input "q", which is a tensor of int4/],
    ['no type', message([1, 'z']), /has the input "z", which has no type/],
  ])('with an input that is %s, by its name', (_name, input, found) => {
    expect(refusal(model({ inputs: [input] }))['found']).toMatch(found)
  })

  it('with an output that is a sequence, and says how to export it', () => {
    const refused = refusal(model({ outputs: [otherValue('probabilities', 4)] }))
    expect(refused).toEqual({
      found: 'm.onnx has the output "probabilities", which is a sequence: only tensors can be served',
      instead: expect.stringContaining('zipmap=False'),
    })
  })

  it('with no output', () => {
    expect(refusal(model({ outputs: [] }))['found']).toBe('m.onnx has no output')
  })

  it('that is larger than allowed, with what it refers to', () => {
    write(new Uint8Array(2000), 'w.bin')
    const bytes = model({ weights: [externalWeight('w.bin')] })
    const refused = refusal(bytes, { ...LIMIT, maxSize: 2000 })
    expect(refused['found']).toMatch(/^m\.onnx has \d+B, with the files that it refers to, and at most 2000B are read$/)
    expect(refused['instead']).toBe('Raise --max-model-size.')
    expect(describeFile(write(bytes), LIMIT).outputs).toHaveLength(1)
  })

  it.each(['/etc/passwd', '../w.bin', 'data/../../w.bin', 'linked.bin'])(
    'with weights outside its folder: %s',
    location => {
      symlinkSync('/etc/hostname', join(folder, 'linked.bin'))
      try {
        for (const parts of [
          { weights: [externalWeight(location)] },
          { nodes: [nodeWith(graph({ weights: [externalWeight(location)] }))] },
        ]) {
          const refused = refusal(model(parts))
          expect(refused['found']).toBe(`m.onnx has weights in "${location}", which is outside its folder`)
        }
      } finally {
        rmSync(join(folder, 'linked.bin'))
      }
    },
  )

  it('with weights in a file that is not there', () => {
    expect(refusal(model({ weights: [externalWeight('missing.bin')] }))['found']).toBe(
      'm.onnx has weights in "missing.bin", and there is no such file',
    )
  })

  it('with graphs in graphs without an end', () => {
    let inner = graph()
    for (let depth = 0; depth < 60; depth += 1) inner = graph({ nodes: [nodeWith(inner)] })
    expect(refusal(message([1, 8], [7, inner]))['found']).toMatch(/graphs are nested too deep/)
  })
})
