import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FrontCall } from '../../src/replica/front-call.ts'
import { Pulse } from '../../src/replica/pulse.ts'

const HANG_TIMEOUT = 5000

/** What a pulse reads of a call. */
type Watched = Pick<FrontCall, 'n' | 'deadline' | 'running' | 'waiting' | 'sentAt' | 'expected'>

let numbered = 0

function call(about: { readonly deadline?: number; readonly running?: boolean } = {}): FrontCall {
  numbered += 1
  const { deadline = 1000, running = false } = about
  const now = performance.now()
  const watched: Watched = {
    ...{ n: numbered, deadline: now + deadline, sentAt: now, expected: undefined },
    ...{ running, waiting: !running },
  }
  // A pulse reads these members, and no others.
  return watched as FrontCall
}

function watch(calls: readonly FrontCall[] = []): {
  readonly pulse: Pulse
  readonly asked: () => number
  hung: number
} {
  const ask = vi.fn()
  const watched = { hung: 0, asked: () => ask.mock.calls.length }
  const pulse = new Pulse({
    hangTimeout: HANG_TIMEOUT,
    calls: () => calls,
    ask,
    onHang: () => {
      watched.hung += 1
    },
  })
  return Object.assign(watched, { pulse })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a silent replica', () => {
  test('is asked every second, and hangs after six times the hang timeout', () => {
    const watched = watch()
    watched.pulse.start()
    vi.advanceTimersByTime(6 * HANG_TIMEOUT)
    expect([watched.asked(), watched.hung]).toEqual([31, 0])
    vi.advanceTimersByTime(1000)
    expect(watched.hung).toBe(1)
    watched.pulse.stop()
  })

  test('is excused while predict has a call in time, and no longer', () => {
    const running = call({ running: true, deadline: 40_000 })
    const watched = watch([call({ deadline: 100_000 }), running])
    watched.pulse.start()
    vi.advanceTimersByTime(39_000)
    expect(watched.hung).toBe(0)
    vi.advanceTimersByTime(1000)
    expect(watched.hung).toBe(1)
    watched.pulse.stop()
  })

  test('lives on when it answers, with the memory that it reports', () => {
    const watched = watch()
    watched.pulse.start()
    for (let answers = 0; answers < 4; answers += 1) {
      vi.advanceTimersByTime(20_000)
      watched.pulse.answer(answers)
    }
    expect([watched.hung, watched.pulse.rss]).toEqual([0, 3])
    watched.pulse.stop()
  })
})

describe('a cancelled call', () => {
  test('has its deadline and the hang timeout to be confirmed', () => {
    const watched = watch()
    watched.pulse.expectSign(call({ deadline: 2000 }))
    vi.advanceTimersByTime(2000 + HANG_TIMEOUT - 1)
    expect(watched.hung).toBe(0)
    vi.advanceTimersByTime(1)
    expect(watched.hung).toBe(1)
  })

  test('has the hang timeout alone where its deadline has passed', () => {
    const watched = watch()
    watched.pulse.expectSign(call({ deadline: -60_000 }))
    vi.advanceTimersByTime(HANG_TIMEOUT)
    expect(watched.hung).toBe(1)
  })

  test.each(['noteSign', 'end', 'stop'] as const)('is waited for no more after %s', way => {
    const watched = watch()
    const cancelled = call()
    watched.pulse.expectSign(cancelled)
    if (way === 'noteSign') watched.pulse.noteSign(cancelled.n)
    else if (way === 'end') watched.pulse.end(cancelled)
    else watched.pulse.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(watched.hung).toBe(0)
  })
})

describe('predict is held up', () => {
  test('where a call waits for its beginning for more than 50 ms', () => {
    const { pulse } = watch()
    pulse.expect(call())
    vi.advanceTimersByTime(50)
    expect(pulse.stalled).toBe(false)
    vi.advanceTimersByTime(1)
    expect(pulse.stalled).toBe(true)
  })

  test('for each call from when it was sent: those that began before do not count', () => {
    const { pulse } = watch()
    const [first, second] = [call(), call()]
    pulse.expect(first)
    vi.advanceTimersByTime(40)
    pulse.expect(second)
    pulse.begin(first)
    vi.advanceTimersByTime(40)
    expect(pulse.stalled).toBe(false)
    vi.advanceTimersByTime(20)
    expect(pulse.stalled).toBe(true)
  })

  test('by no call that has written down its beginning, though nothing was said of it', () => {
    const { pulse } = watch()
    const [begun, waiting] = [call({ running: true }), call()]
    pulse.expect(begun)
    vi.advanceTimersByTime(60)
    expect([pulse.stalled, begun.expected]).toEqual([false, undefined])
    pulse.expect(waiting)
    vi.advanceTimersByTime(60)
    // Its age counts from when it was made.
    expect(pulse.stalled).toBe(true)
  })

  test('until the replica says something, also where its calls were taken back', () => {
    const { pulse } = watch()
    const waiting = call()
    pulse.expect(waiting)
    vi.advanceTimersByTime(60)
    expect(pulse.stalled).toBe(true)
    pulse.end(waiting)
    expect(pulse.stalled).toBe(true)
    pulse.hear()
    expect(pulse.stalled).toBe(false)
  })
})
