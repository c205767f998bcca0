import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Batcher, type BatcherOptions } from '../../src/engine/batcher.ts'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { HTTPException } from '../../src/index.ts'
import { gate, turns } from '../app/_serving.ts'

type Item = number

/** A batcher that notes what it runs. */
function makeBatcher(options: Partial<BatcherOptions<Item>> = {}) {
  const batches: Item[][] = []
  const failures: { message: string; requestIds: readonly string[] }[] = []
  const { run = items => items } = options
  const batcher = new Batcher<Item>({
    ...{ maxSize: 4, maxWait: 0, size: () => 1, split: true },
    ...options,
    run(items, requestIds) {
      batches.push([...items])
      return run(items, requestIds)
    },
    onFailure: (thrown, requestIds) => failures.push({ message: String(thrown), requestIds }),
  })
  const add = (item: Item, cancellation = new Cancellation()) => batcher.add(item, { id: `r${item}`, cancellation })
  return { add, batches, failures }
}

/** What became of promises: values, and messages of errors. */
async function outcomes(pending: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(pending)
  return settled.map(result => (result.status === 'fulfilled' ? result.value : describeReason(result.reason)))
}

function describeReason(reason: unknown): string {
  return reason instanceof RequestError ? reason.code : String(reason)
}

describe('batches form', () => {
  test('at once for an idle predictor: those who come together go together, in their order', async () => {
    const { add, batches } = makeBatcher()
    expect(await outcomes([1, 2, 3].map(item => add(item)))).toEqual([1, 2, 3])
    expect(batches).toEqual([[1, 2, 3]])
  })

  test('while one runs, up to maxSize, and the rest after it', async () => {
    const running = gate()
    const { add, batches } = makeBatcher({ run: items => running.opened.then(() => items) })
    const first = add(0)
    await expect.poll(() => batches).toEqual([[0]])
    const others = [1, 2, 3, 4, 5, 6].map(item => add(item))
    running.open()
    expect(await outcomes([first, ...others])).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(batches).toEqual([[0], [1, 2, 3, 4], [5, 6]])
  })

  test('by size: a batch holds a sum, and what is too large goes alone', async () => {
    const { add, batches } = makeBatcher({ maxSize: 10, size: item => item })
    await outcomes([4, 6, 5, 30, 1, 2].map(item => add(item)))
    expect(batches).toEqual([[4, 6], [5], [30], [1, 2]])
  })

  test('an idle predictor waits maxWait for company', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { add, batches } = makeBatcher({ maxWait: 500 })
    const first = add(1)
    await turns()
    vi.advanceTimersByTime(499)
    await turns()
    expect(batches).toEqual([])
    const second = add(2)
    vi.advanceTimersByTime(1)
    expect(await outcomes([first, second])).toEqual([1, 2])
    expect(batches).toEqual([[1, 2]])
  })

  test('no longer than until the batch is full', async () => {
    const { add, batches } = makeBatcher({ maxWait: 60_000 })
    const first = add(1)
    await turns()
    expect(batches).toEqual([])
    expect(await outcomes([first, ...[2, 3, 4].map(item => add(item))])).toEqual([1, 2, 3, 4])
    expect(batches).toEqual([[1, 2, 3, 4]])
  })

  test('what came while one ran does not wait any more', async () => {
    const running = gate()
    const { add, batches } = makeBatcher({ maxWait: 5, run: items => running.opened.then(() => items) })
    const first = add(1)
    await expect.poll(() => batches).toEqual([[1]])
    const second = add(2)
    running.open()
    expect(await outcomes([first, second])).toEqual([1, 2])
    expect(batches).toEqual([[1], [2]])
  })

  test('a size that is no number fails its item alone', async () => {
    const { add, batches } = makeBatcher({ size: item => (item === 2 ? Number.NaN : 1) })
    expect(await outcomes([add(1), add(2), add(3)])).toEqual([
      1,
      'TypeError: @batch: size gave NaN for an item: it must give a number, 0 or more',
      3,
    ])
    expect(batches).toEqual([[1, 3]])
  })
})

describe('whose callers have left', () => {
  test('are not computed, and their places are free', async () => {
    const running = gate()
    const { add, batches } = makeBatcher({ run: items => running.opened.then(() => items) })
    const first = add(0)
    await expect.poll(() => batches).toEqual([[0]])
    const left = new Cancellation()
    const others = [1, 2, 3, 4, 5].map(item => add(item, item % 2 === 0 ? left : undefined))
    left.cancel(new RequestError('client_closed'))
    running.open()
    expect(await outcomes([first, ...others])).toEqual([0, 1, 'client_closed', 3, 'client_closed', 5])
    expect(batches).toEqual([[0], [1, 3, 5]])
  })

  test('nor are they tried again', async () => {
    const left = new Cancellation()
    const { add, batches } = makeBatcher({
      run(items) {
        left.cancel(new RequestError('client_closed'))
        if (items.includes(1)) throw new Error('bad')
        return items
      },
    })
    expect(await outcomes([add(1), add(2), add(3, left), add(4)])).toEqual(['Error: bad', 2, 'client_closed', 4])
    expect(batches).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [4]])
  })

  test('all of them: nothing runs', async () => {
    const left = new Cancellation()
    const { add, batches } = makeBatcher({ maxWait: 5 })
    const pending = add(1, left)
    left.cancel(new RequestError('deadline_exceeded'))
    expect(await outcomes([pending])).toEqual(['deadline_exceeded'])
    expect(batches).toEqual([])
    expect(await outcomes([add(2)])).toEqual([2])
  })
})

describe('an item fails alone', () => {
  test('with an Error in its place', async () => {
    const exception = new HTTPException(422, { message: 'too dark' })
    const { add, failures } = makeBatcher({ run: items => items.map(item => (item === 2 ? exception : item)) })
    const pending = [1, 2, 3].map(item => add(item))
    await expect(pending[1]).rejects.toBe(exception)
    expect(await outcomes(pending)).toEqual([1, 'Error: too dark', 3])
    expect(failures).toEqual([])
  })

  test('with a promise in its place that is rejected', async () => {
    const { add } = makeBatcher({
      run: items => items.map(item => (item === 2 ? Promise.reject(new Error('no')) : item)),
    })
    expect(await outcomes([1, 2, 3].map(item => add(item)))).toEqual([1, 'Error: no', 3])
  })

  test('when the batch throws: it is found by halves, and the others are answered', async () => {
    const { add, batches, failures } = makeBatcher({
      maxSize: 8,
      run(items) {
        if (items.includes(6)) throw new Error('six')
        return items
      },
    })
    expect(await outcomes([1, 2, 3, 4, 5, 6, 7, 8].map(item => add(item)))).toEqual([1, 2, 3, 4, 5, 'Error: six', 7, 8])
    expect(batches).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4], [5, 6, 7, 8], [5, 6], [5], [6], [7, 8]])
    expect(failures).toEqual([])
  })

  test('two of 32 are found', async () => {
    const items = Array.from({ length: 32 }, (_, index) => index)
    const { add } = makeBatcher({
      maxSize: 32,
      async run(batch) {
        if (batch.includes(0) || batch.includes(31)) throw new Error('bad')
        return batch
      },
    })
    const expected = items.map(item => (item === 0 || item === 31 ? 'Error: bad' : item))
    expect(await outcomes(items.map(item => add(item)))).toEqual(expected)
  })
})

describe('a failure that several share is told once', () => {
  test('when splitting is off', async () => {
    const run = () => {
      throw new Error('bad')
    }
    const { add, batches, failures } = makeBatcher({ split: false, run })
    expect(await outcomes([1, 2, 3].map(item => add(item)))).toEqual(['internal', 'internal', 'internal'])
    expect(batches).toEqual([[1, 2, 3]])
    expect(failures).toEqual([{ message: 'Error: bad', requestIds: ['r1', 'r2', 'r3'] }])
  })

  test('when too many are to blame, within a bound', async () => {
    const { add, batches, failures } = makeBatcher({
      maxSize: 64,
      run() {
        throw new Error('all bad')
      },
    })
    const results = await outcomes(Array.from({ length: 64 }, (_, item) => add(item)))
    expect(new Set(results)).toEqual(new Set(['Error: all bad', 'internal']))
    expect(batches.length).toBeLessThanOrEqual(1 + 4 * 6)
    expect(failures.length).toBeLessThan(batches.length)
  })

  test('an HTTPException is the answer of all, and no line of the log', async () => {
    const exception = new HTTPException(503, { message: 'no accelerator' })
    const run = () => {
      throw exception
    }
    const { add, failures } = makeBatcher({ split: false, run })
    const pending = [add(1), add(2)]
    for (const one of pending) await expect(one).rejects.toBe(exception)
    expect(failures).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['too few', [1], '1 results for 2 payloads'],
    ['too many', [1, 2, 3], '3 results for 2 payloads'],
    ['nothing', undefined, 'something that is no array for 2 payloads'],
    ['a string as long as the batch', 'ab', 'something that is no array for 2 payloads'],
    ['an object like an array', { length: 2 }, 'something that is no array for 2 payloads'],
  ])('results that are %s, and nothing is tried again', async (_name, results, found) => {
    const { add, batches, failures } = makeBatcher({ run: () => results })
    expect(await outcomes([add(1), add(2)])).toEqual(['internal', 'internal'])
    expect(batches).toEqual([[1, 2]])
    expect(failures).toEqual([
      {
        message: `TypeError: predictBatch returned ${found}: it must return one result for each`,
        requestIds: ['r1', 'r2'],
      },
    ])
  })

  test('a typed array has a result for each', async () => {
    const { add } = makeBatcher({ run: items => Float32Array.from(items) })
    expect(await outcomes([add(1), add(2)])).toEqual([1, 2])
  })
})

test('between batches the event loop goes round: answers leave, even if predictBatch never awaits', async () => {
  const events: string[] = []
  const { add } = makeBatcher({
    maxSize: 1,
    run(items) {
      events.push(`run ${items[0]}`)
      return items
    },
  })
  const pending = [1, 2].map(async item => {
    await add(item)
    // As an answer is sent.
    await new Promise(resolve => setImmediate(resolve))
    events.push(`sent ${item}`)
  })
  await Promise.all(pending)
  expect(events).toEqual(['run 1', 'sent 1', 'run 2', 'sent 2'])
})
