import { expect, it, vi } from 'vitest'
import { awaitTick, FRESH, isFresh, makeTicks } from '../../src/replica/child/ticks.ts'

it('a tick of after a suspension says nothing for what began before it', () => {
  const ticks = makeTicks()
  const before = awaitTick(ticks)
  expect(isFresh(before)).toBe(true)
  const { now } = performance
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + FRESH + 1)
  try {
    // The process goes on, and its side thread is the first to run.
    Atomics.store(ticks, 0, Atomics.load(makeTicks(), 0))
    expect(isFresh(awaitTick(ticks))).toBe(true)
    expect(isFresh(before)).toBe(false)
  } finally {
    clock.mockRestore()
  }
})
