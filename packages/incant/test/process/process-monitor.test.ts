import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { ProcessMonitor } from '../../src/process/process-monitor.ts'

let monitor: ProcessMonitor
afterEach(() => monitor.close())

/** Holds up the event loop. */
function compute(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

it('sees a computation that is read before the timer that it delayed', () => {
  monitor = new ProcessMonitor(() => true)
  compute(300)
  expect(monitor.read().delayP99).toBeGreaterThanOrEqual(0.279)
})

it('sees a computation that begins right after a restart', async () => {
  monitor = new ProcessMonitor(() => true)
  monitor.read()
  monitor.restart()
  compute(300)
  await new Promise(resolve => setTimeout(resolve, 30))
  expect(monitor.read().delayP99).toBeGreaterThanOrEqual(0.279)
})

it('forgets with a restart', () => {
  monitor = new ProcessMonitor(() => true)
  compute(300)
  const before = monitor.read().delayP99
  monitor.restart()
  expect(monitor.read().delayP99).toBeLessThan(before)
})

it('has no delay where nothing has been looked at', () => {
  monitor = new ProcessMonitor(() => true)
  expect(monitor.read()).toMatchObject({ delayMedian: 0, delayP99: 0 })
})

it('rests where there is no work, until there is some', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let isBusy = true
  monitor = new ProcessMonitor(() => isBusy)
  vi.advanceTimersByTime(10_000)
  expect(vi.getTimerCount()).toBe(1)
  isBusy = false
  vi.advanceTimersByTime(1000)
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(60_000)
  expect(monitor.read().delayP99).toBeLessThan(0.02)
  monitor.wake()
  expect(vi.getTimerCount()).toBe(1)
})

it('measures a computation with which the work begins', () => {
  vi.useFakeTimers()
  monitor = new ProcessMonitor(() => false)
  vi.advanceTimersByTime(1000)
  vi.useRealTimers()
  monitor.restart()
  monitor.wake()
  compute(300)
  expect(monitor.read().delayP99).toBeGreaterThanOrEqual(0.279)
})
