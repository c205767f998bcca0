import { describe, expect, it } from 'vitest'
import { RunModel } from '../../src/runtimes/loaded-model.ts'
import type { ModelDescription, NamedTensors, RunningModel } from '../../src/runtimes/runtime.ts'

const ROWS: ModelDescription = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 'width'] }],
  outputs: [{ name: 'sum', datatype: 'FP32', shape: ['batch', 1] }],
}

interface Answer {
  readonly sum: { readonly shape: readonly number[]; readonly data: Float32Array }
}

/** Adds up each row. */
function addRows({ x }: NamedTensors): NamedTensors {
  if (x?.datatype !== 'FP32') throw new TypeError('x is missing')
  const [rows = 0, width = 0] = x.shape
  const data = new Float32Array(rows)
  for (const [index, value] of x.data.entries()) {
    const row = Math.floor(index / width)
    data[row] = (data[row] ?? 0) + value
  }
  return { sum: { datatype: 'FP32', shape: [rows, 1], data } }
}

/** A model that counts its runs. */
function counted(run: RunningModel['run'] = addRows, description = ROWS) {
  const runs: (readonly number[])[] = []
  const model = new RunModel<object, Answer>(description, {
    run: inputs => {
      runs.push(inputs['x']?.shape ?? [])
      return run(inputs)
    },
  })
  return { model, runs }
}

function plain(answer: Answer | Error | undefined): unknown {
  return answer instanceof Error ? answer.message : { shape: answer?.sum.shape, data: [...(answer?.sum.data ?? [])] }
}

describe('what callers send', () => {
  it('is arrays in arrays, innermost ones typed or not, or tensors', async () => {
    const { model } = counted()
    const tensor = { datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }
    const expected = { shape: [2, 1], data: [3, 7] }
    expect(plain(await model.run({ x: tensor }))).toEqual(expected)
    expect(plain(await model.run({ x: [[1, 2], [3, 4]] }))).toEqual(expected) // biome-ignore format: rows
    expect(plain(await model.run({ x: [Float32Array.of(1, 2), Float32Array.of(3, 4)] }))).toEqual(expected)
  })

  it.each([
    [
      'rows of different lengths',
      { x: [[1, 2], [3]] },
      '#/x/1',
      'must have 2 items, as the first of this dimension has',
    ],
    ['nothing', {}, '#/x', 'is required'],
    ['another datatype', { x: { datatype: 'FP64', shape: [1, 1], data: Float64Array.of(1) } }, '#/x', 'must be FP32'],
    [
      'another rank',
      { x: { datatype: 'FP32', shape: [1], data: Float32Array.of(1) } },
      '#/x',
      'must be FP32 [batch, width]',
    ],
    [
      'a shape that does not fit its elements',
      { x: { datatype: 'FP32', shape: [3, 1], data: Float32Array.of(1) } },
      '#/x',
      'must have as many elements as its shape says',
    ],
  ])('is refused where it is %s', async (_name, payload, pointer, detail) => {
    const { model } = counted()
    await expect(model.run(payload)).rejects.toMatchObject({ code: 'invalid_payload', issues: [{ pointer, detail }] })
  })

  it('has one size for dimensions of one name', async () => {
    const twice = [...ROWS.inputs, { name: 'mask', datatype: 'BOOL', shape: ['batch', 'width'] } as const]
    const { model } = counted(addRows, { ...ROWS, inputs: twice })
    await expect(model.run({ x: [[1, 2]], mask: [[true]] })).rejects.toMatchObject({
      issues: [{ pointer: '#/mask', detail: expect.stringContaining('the dimension width') }],
    })
  })

  it('may be integers of 64 bits, texts, or a single value', async () => {
    const seen: NamedTensors[] = []
    const description: ModelDescription = {
      inputs: [
        { name: 'ids', datatype: 'INT64', shape: [1, ''] },
        { name: 'rate', datatype: 'INT64', shape: [] },
        { name: 'text', datatype: 'BYTES', shape: [''] },
        { name: 'flags', datatype: 'BOOL', shape: [''] },
      ],
      outputs: ROWS.outputs,
    }
    const model = new RunModel(description, {
      run: inputs => {
        seen.push(inputs)
        return {}
      },
    })
    await model.run({ ids: [[1, 2]], rate: 16_000, text: ['a', 'b'], flags: [true] })
    expect(seen).toEqual([
      {
        ids: { datatype: 'INT64', shape: [1, 2], data: BigInt64Array.of(1n, 2n) },
        rate: { datatype: 'INT64', shape: [], data: BigInt64Array.of(16_000n) },
        text: { datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
        flags: { datatype: 'BOOL', shape: [1], data: [true] },
      },
    ])
  })
})

describe('rows of several payloads', () => {
  it('are computed together after a first time in both ways, and each caller gets its own', async () => {
    const { model, runs } = counted()
    expect(await model.warmUp()).toBe(true)
    expect(model.joinsRows).toBe(true)
    runs.length = 0
    const answers = await model.runAll([{ x: [[1, 2]] }, { x: [[3, 4], [5, 6]] }, { x: [[7, 8]] }]) // biome-ignore format: rows
    expect(runs).toEqual([[4, 2]])
    expect(answers.map(plain)).toEqual([
      { shape: [1, 1], data: [3] },
      { shape: [2, 1], data: [7, 11] },
      { shape: [1, 1], data: [15] },
    ])
  })

  it('go with those of the same shape, and one that does not fit fails alone', async () => {
    const { model, runs } = counted()
    await model.warmUp()
    runs.length = 0
    const answers = await model.runAll([{ x: [[1, 2]] }, { x: [[1]] }, { x: 'no' }, { x: [[3, 4]] }])
    expect(runs).toEqual([[2, 2], [1, 1]]) // biome-ignore format: shapes
    expect(answers.map(plain)).toEqual([
      { shape: [1, 1], data: [3] },
      { shape: [1, 1], data: [1] },
      'The payload does not match what the model takes.',
      { shape: [1, 1], data: [7] },
    ])
  })

  it('are computed one after the other where the model mixes rows', async () => {
    const mixing = (inputs: NamedTensors): NamedTensors => {
      const { sum } = addRows(inputs)
      if (sum?.datatype !== 'FP32') throw new TypeError('no sum')
      const total = sum.data.reduce((left, right) => left + right, 0)
      return { sum: { ...sum, data: sum.data.map(value => value / total) } }
    }
    const { model, runs } = counted(mixing)
    expect(await model.warmUp()).toBe(true)
    expect(model.joinsRows).toBe(false)
    runs.length = 0
    const answers = await model.runAll([{ x: [[1]] }, { x: [[3]] }])
    expect(runs).toEqual([[1, 1], [1, 1]]) // biome-ignore format: shapes
    expect(answers.map(plain)).toEqual([
      { shape: [1, 1], data: [1] },
      { shape: [1, 1], data: [1] },
    ])
  })

  it('are computed one after the other where the outputs have another number of rows', async () => {
    const description = { ...ROWS, outputs: [{ name: 'sum', datatype: 'FP32', shape: ['found', 1] } as const] }
    const total = (inputs: NamedTensors): NamedTensors => {
      const { sum } = addRows(inputs)
      return { sum: { datatype: 'FP32', shape: [1, 1], data: Float32Array.of(Number(sum?.data[0])) } }
    }
    const { model } = counted(total, description)
    const answers = await model.runAll([{ x: [[1]] }, { x: [[2]] }])
    expect(model.joinsRows).toBe(false)
    expect(answers.map(plain)).toEqual([
      { shape: [1, 1], data: [1] },
      { shape: [1, 1], data: [2] },
    ])
  })

  it('are computed alone where they fail together, so that the one that fails is found', async () => {
    const failing = (inputs: NamedTensors): NamedTensors => {
      if (inputs['x']?.data.some(value => value === 13)) throw new Error('thirteen')
      return addRows(inputs)
    }
    const { model } = counted(failing)
    await model.warmUp()
    const answers = await model.runAll([{ x: [[1]] }, { x: [[13]] }, { x: [[3]] }])
    expect(answers.map(plain)).toEqual([{ shape: [1, 1], data: [1] }, 'thirteen', { shape: [1, 1], data: [3] }])
  })

  it('are never joined where the first dimension has a size', async () => {
    const fixed = { ...ROWS, inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 'width'] } as const] }
    const { model } = counted(addRows, fixed)
    await model.warmUp()
    expect(model.joinsRows).toBe(false)
  })
})

describe('warming up', () => {
  it('tries sizes until one runs, and says where none does', async () => {
    const widths: number[] = []
    const picky = (inputs: NamedTensors): NamedTensors => {
      const width = inputs['x']?.shape[1] ?? 0
      widths.push(width)
      if (width !== 64) throw new Error('only 64')
      return addRows(inputs)
    }
    expect(await counted(picky).model.warmUp()).toBe(true)
    expect([...new Set(widths)]).toEqual([1, 32, 64])
    const none = counted(() => {
      throw new Error('never')
    })
    expect(await none.model.warmUp()).toBe(false)
    expect(none.model.joinsRows).toBeUndefined()
  })
})
