import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Progress } from '../../src/report/progress.ts'
import { Stopwatch } from '../../src/report/stopwatch.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function start(isTerminal: boolean) {
  const written: string[] = []
  const stopwatch = new Stopwatch()
  const progress = new Progress(stopwatch, { isTerminal, write: text => written.push(text) })
  void stopwatch.time('reading the types', () => new Promise(() => {}))
  return { written, progress }
}

it('says after a second what a start is doing, and is gone when it is over', () => {
  const { written, progress } = start(true)
  vi.advanceTimersByTime(900)
  expect(written).toEqual([])
  vi.advanceTimersByTime(300)
  expect(written.at(-1)).toBe('\r\u001b[2K1.2 s  reading the types …')
  progress.stop()
  expect(written.at(-1)).toBe('\r\u001b[2K')
  vi.advanceTimersByTime(1000)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

it('makes way for a line of the log', () => {
  const { written, progress } = start(true)
  const logger = progress.under({ log: (_level, message) => written.push(message) })
  vi.advanceTimersByTime(1000)
  logger.log('warn', 'careful')
  expect(written.slice(-2)).toEqual(['\r\u001b[2K', 'careful'])
})

it('writes nothing where no terminal is', () => {
  const { written, progress } = start(false)
  vi.advanceTimersByTime(5000)
  progress.stop()
  expect(written).toEqual([])
})
