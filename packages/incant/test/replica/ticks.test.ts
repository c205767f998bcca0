import { expect, it, onTestFinished, vi } from 'vitest'
import { AskedTicks, FRESH, isFresh, makeTicks, tick } from '../../src/replica/child/ticks.ts'

/** Lets time pass, of which no timer hears. */
function skip(milliseconds: number): void {
  const { now } = performance
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + milliseconds)
  onTestFinished(() => clock.mockRestore())
}

it('a tick of after a suspension says nothing for what began before it', () => {
  const ticks = makeTicks()
  const asked = new AskedTicks(ticks, () => Atomics.store(ticks, 0, Atomics.load(makeTicks(), 0)))
  const before = asked.await()
  expect(isFresh(before)).toBe(true)
  skip(FRESH + 1)
  // The process goes on, and its side thread is the first to run.
  expect(isFresh(asked.await())).toBe(true)
  expect(isFresh(before)).toBe(false)
})

it('no tick is asked for as long as the last one is young, and each is followed by one', () => {
  const ticks = makeTicks()
  const ask = vi.fn()
  const asked = new AskedTicks(ticks, ask)
  asked.await()
  expect(ask).not.toHaveBeenCalled()
  skip(FRESH - 50)
  asked.await()
  asked.await()
  expect(ask).toHaveBeenCalledOnce()
  Atomics.add(ticks, 0, 150)
  asked.await()
  expect(ask).toHaveBeenCalledTimes(2)
})

it('a tick is of a time after which what had come was read', async () => {
  const ticks = makeTicks()
  const before = Atomics.load(ticks, 0)
  const seen: string[] = []
  const turn = () => new Promise(resolve => setImmediate(resolve))
  tick(ticks)
  skip(1000)
  for (let turns = 0; turns < 3; turns += 1) {
    await turn()
    seen.push(Atomics.load(ticks, 0) === before ? 'no tick' : 'tick')
  }
  // The first immediate notes the time; what had come is read before the second.
  expect(seen).toEqual(['no tick', 'tick', 'tick'])
})
