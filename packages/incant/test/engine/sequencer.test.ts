import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { Sequencer, type SequencerOptions } from '../../src/engine/sequencer.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import type { Step } from '../../src/predictor/sequence-predictor.ts'
import { gate, turns } from '../app/_serving.ts'

/** A sequence that says its name and a number, so many times. */
interface State {
  readonly name: string
  readonly length: number
  said: number
}

function say(state: State): Step<string, string> {
  state.said += 1
  return { item: `${state.name}${state.said}`, done: state.said === state.length, result: `${state.name} is done` }
}

/** A sequencer that notes its steps, and whose states it frees. */
function makeSequencer(options: Partial<SequencerOptions<State>> = {}) {
  const steps: string[][] = []
  const ended: string[] = []
  const failures: unknown[] = []
  const { step = states => states.map(say) } = options
  const sequencer = new Sequencer<State>({
    ...{ maxSize: 4, size: () => 1, split: true },
    end: ({ name }) => ended.push(name),
    onFailure: (thrown, requestIds) => failures.push([String(thrown), requestIds]),
    onEndFailure: (thrown, requestId) => failures.push([String(thrown), [requestId]]),
    ...options,
    step(states, requestIds) {
      steps.push([...requestIds])
      return step(states, requestIds)
    },
  })
  const begin = (name: string, length: number, cancellation = new Cancellation()) =>
    sequencer.join({ name, length, said: 0 }, { id: name, cancellation })
  return { sequencer, begin, steps, ended, failures }
}

/** Everything a sequence says, and what it comes to or fails with. */
async function readAll(sequence: AsyncIterator<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  try {
    for (;;) {
      const { done, value } = await sequence.next()
      items.push(value)
      if (done === true) return items
    }
  } catch (thrown) {
    return [...items, thrown instanceof RequestError ? thrown.code : String(thrown)]
  }
}

describe('sequences', () => {
  test('those that come together are computed together; each leaves when it is done', async () => {
    const { begin, steps, ended } = makeSequencer()
    const read = await Promise.all([begin('a', 1), begin('b', 3), begin('c', 2)].map(readAll))
    expect(read).toEqual([
      ['a1', 'a is done'],
      ['b1', 'b2', 'b3', 'b is done'],
      ['c1', 'c2', 'c is done'],
    ])
    expect(steps).toEqual([['a', 'b', 'c'], ['b', 'c'], ['b']])
    await expect.poll(() => ended).toEqual(['a', 'c', 'b'])
  })

  test('a newcomer joins at the next step, though the others are far from done', async () => {
    const { begin, steps } = makeSequencer()
    const first = begin('a', 10)
    await first.next()
    const before = steps.length
    const second = readAll(begin('b', 2))
    await Promise.all([readAll(first), second])
    expect(steps.findIndex(step => step.includes('b'))).toBeLessThanOrEqual(before + 1)
  })

  test('more than a step may hold take turns, and the one that has waited longest is first', async () => {
    const { begin, steps } = makeSequencer({ maxSize: 2 })
    await Promise.all(['a', 'b', 'c'].map(name => readAll(begin(name, 2))))
    expect(steps).toEqual([
      ['a', 'b'],
      ['c', 'a'],
      ['b', 'c'],
    ])
  })

  test('a step holds a sum of sizes; what is too large goes alone, and small ones do not overtake it', async () => {
    const size = ({ length, said }: State): number => (said === 0 ? length : 1)
    const { begin, steps } = makeSequencer({ maxSize: 4, size })
    await Promise.all([begin('a', 3), begin('long', 9), begin('b', 1)].map(readAll))
    expect(steps.slice(0, 3)).toEqual([['a'], ['long'], ['b', 'a', 'long']])
  })

  test('a size that is no number fails its sequence alone', async () => {
    const { begin, ended } = makeSequencer({ size: ({ name }) => (name === 'b' ? Number.NaN : 1) })
    const [good, bad] = await Promise.all([begin('a', 1), begin('b', 1)].map(readAll))
    expect(good).toEqual(['a1', 'a is done'])
    expect(bad).toEqual(['TypeError: @batch: size gave NaN for a state: it must give a number, 0 or more'])
    expect(ended.sort()).toEqual(['a', 'b'])
  })

  test('a step may say nothing of a sequence, as of one whose prompt is long', async () => {
    const { begin } = makeSequencer({
      step: states =>
        states.map(state => {
          if (state.said >= 2) return say(state)
          state.said += 1
          return {}
        }),
    })
    expect(await readAll(begin('a', 4))).toEqual(['a3', 'a4', 'a is done'])
  })
})

describe('a sequence leaves', () => {
  test('when its call is cancelled: at once for its reader, its state after the step that has it', async () => {
    const running = gate()
    const { begin, steps, ended } = makeSequencer({ step: states => running.opened.then(() => states.map(say)) })
    const cancellation = new Cancellation()
    const [kept, left] = [begin('a', 2), begin('b', 2, cancellation)].map(readAll)
    await expect.poll(() => steps.length).toBe(1)
    cancellation.cancel(new RequestError('deadline_exceeded'))
    expect(await left).toEqual(['deadline_exceeded'])
    expect(ended).toEqual([])
    running.open()
    expect(await kept).toEqual(['a1', 'a2', 'a is done'])
    expect(steps).toEqual([['a', 'b'], ['a']])
    await expect.poll(() => ended).toEqual(['b', 'a'])
  })

  test('when its reader does, between steps', async () => {
    const { begin, steps, ended } = makeSequencer()
    const [stays, leaves] = [begin('a', 6), begin('b', 100)]
    await leaves.next()
    await leaves.return()
    await readAll(stays)
    expect(steps.filter(step => step.includes('b')).length).toBeLessThanOrEqual(2)
    await expect.poll(() => ended).toEqual(['b', 'a'])
  })

  test('before its first step where its call was cancelled while it began', async () => {
    const { begin, steps, ended } = makeSequencer()
    const cancellation = new Cancellation()
    cancellation.cancel(new RequestError('client_closed'))
    expect(await readAll(begin('a', 1, cancellation))).toEqual(['client_closed'])
    expect([steps, ended]).toEqual([[], ['a']])
  })

  test('when the predictor closes, which waits for the step and for what end does', async () => {
    const [running, freeing] = [gate(), gate()]
    const ended: string[] = []
    const { sequencer, begin, steps } = makeSequencer({
      step: states => running.opened.then(() => states.map(say)),
      end: ({ name }) => freeing.opened.then(() => ended.push(name)),
    })
    const read = readAll(begin('a', 9))
    await expect.poll(() => steps.length).toBe(1)
    let isClosed = false
    const closing = sequencer.close().then(() => {
      isClosed = true
    })
    expect(await read).toEqual(['interrupted'])
    running.open()
    await turns()
    expect([isClosed, ended]).toEqual([false, []])
    freeing.open()
    await closing
    await expect.poll(() => ended).toEqual(['a'])
  })

  test('and what end throws is told, and harms nobody', async () => {
    const end = (): never => {
      throw new Error('no such page')
    }
    const { begin, failures } = makeSequencer({ end })
    expect(await readAll(begin('a', 1))).toEqual(['a1', 'a is done'])
    await expect.poll(() => failures).toEqual([['Error: no such page', ['a']]])
  })
})

describe('a reader that stalls', () => {
  test('pauses its own sequence, and it goes on where it was', async () => {
    const { sequencer, begin, steps } = makeSequencer()
    const stalled = begin('a', 40)
    await stalled.next()
    await readAll(begin('b', 60))
    const served = steps.filter(step => step.includes('a')).length
    expect(served).toBeLessThan(40)
    await expect.poll(() => sequencer.counts).toEqual({ running: 0, waiting: 0, paused: 1 })
    const rest = await readAll(stalled)
    expect(rest).toEqual([...Array.from({ length: 39 }, (_, index) => `a${index + 2}`), 'a is done'])
  })
})

describe('a sequence fails', () => {
  test('alone with an Error in the place of its step, after what it has said', async () => {
    const { begin, ended } = makeSequencer({
      step: states => states.map(state => (state.name === 'b' && state.said === 1 ? new Error('lost') : say(state))),
    })
    const [good, bad] = await Promise.all([begin('a', 3), begin('b', 3)].map(readAll))
    expect(good).toEqual(['a1', 'a2', 'a3', 'a is done'])
    expect(bad).toEqual(['b1', 'Error: lost'])
    await expect.poll(() => ended).toEqual(['b', 'a'])
  })

  test('alone where step throws because of it: the others get their items', async () => {
    const step = (states: State[]) => {
      if (states.some(({ name }) => name === 'c')) throw new Error('out of range')
      return states.map(say)
    }
    const { begin, failures } = makeSequencer({ step, maxSize: 8 })
    const names = ['a', 'b', 'c', 'd', 'e']
    const read = await Promise.all(names.map(name => readAll(begin(name, 2))))
    expect(read[2]).toEqual(['Error: out of range'])
    for (const index of [0, 1, 3, 4]) expect(read[index]).toHaveLength(3)
    expect(failures).toEqual([])
  })

  test('with all others where split is off, in one line of the log', async () => {
    const step = (): never => {
      throw new Error('no memory')
    }
    const { begin, failures } = makeSequencer({ step, split: false })
    expect(await Promise.all(['a', 'b'].map(name => readAll(begin(name, 2))))).toEqual([['internal'], ['internal']])
    expect(failures).toEqual([['Error: no memory', ['a', 'b']]])
  })

  test.each([
    ['too few', () => [], '0 results'],
    ['no array', () => 7, 'something that is no array'],
  ])('with all others where step gives %s', async (_name, step, found) => {
    const { begin, failures } = makeSequencer({ step })
    expect(await Promise.all(['a', 'b'].map(name => readAll(begin(name, 2))))).toEqual([['internal'], ['internal']])
    expect(failures).toEqual([
      [`TypeError: step returned ${found} for 2 states: it must return one result for each`, ['a', 'b']],
    ])
  })

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['text', 'string'],
  ])('alone where step gives %j in the place of its step', async (given, found) => {
    const { begin } = makeSequencer({ step: states => states.map(state => (state.name === 'b' ? given : say(state))) })
    const [good, bad] = await Promise.all(['a', 'b'].map(name => readAll(begin(name, 1))))
    expect(good).toEqual(['a1', 'a is done'])
    expect(bad).toEqual([
      `TypeError: step returned ${found} for a state: it must return { item }, { item, done: true } or an Error for each`,
    ])
  })
})

test('between steps the event loop goes round, even if step never awaits', async () => {
  const { begin, steps } = makeSequencer()
  const endless = begin('a', Number.POSITIVE_INFINITY)
  const reading = readAll(endless)
  await expect.poll(() => steps.length).toBeGreaterThan(20)
  await endless.return()
  expect((await reading).at(-1)).toBe(undefined)
})

test('items of fast steps leave together: the first at once, later ones before 50 ms have passed', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const step = (states: State[]) => {
    now += 12
    return states.map(say)
  }
  const { begin } = makeSequencer({ step })
  const sequence = begin('a', 8)
  const chunks: unknown[][] = []
  for (let { done, value } = await sequence.next(); done !== true; { done, value } = await sequence.next())
    chunks.push([value, ...sequence.ready()])
  expect(chunks).toEqual([['a1'], ['a2', 'a3', 'a4'], ['a5', 'a6', 'a7', 'a8']])
})

test('items of slow steps leave one by one', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const { begin } = makeSequencer({
    step: states => {
      now += 30
      return states.map(say)
    },
  })
  const sequence = begin('a', 5)
  const chunks: number[] = []
  for (let { done } = await sequence.next(); done !== true; { done } = await sequence.next())
    chunks.push(1 + sequence.ready().length)
  expect(chunks).toEqual([1, 1, 1, 1, 1])
})
