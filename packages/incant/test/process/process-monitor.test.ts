import { afterEach, expect, it } from 'vitest'
import { ProcessMonitor } from '../../src/process/process-monitor.ts'

let monitor: ProcessMonitor
afterEach(() => monitor.close())

/** Holds up the event loop. */
function compute(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

it('sees a computation that is read before the timer that it delayed', () => {
  monitor = new ProcessMonitor()
  compute(300)
  expect(monitor.read().delayP99).toBeGreaterThanOrEqual(0.279)
})

it('sees a computation that begins right after a restart', async () => {
  monitor = new ProcessMonitor()
  monitor.read()
  monitor.restart()
  compute(300)
  await new Promise(resolve => setTimeout(resolve, 30))
  expect(monitor.read().delayP99).toBeGreaterThanOrEqual(0.279)
})

it('forgets with a restart', () => {
  monitor = new ProcessMonitor()
  compute(300)
  const before = monitor.read().delayP99
  monitor.restart()
  expect(monitor.read().delayP99).toBeLessThan(before)
})

it('has no delay where nothing has been looked at', () => {
  monitor = new ProcessMonitor()
  expect(monitor.read()).toMatchObject({ delayMedian: 0, delayP99: 0 })
})
