import { expect, it } from 'vitest'
import { CrashGuard } from '../../src/replica/crash-guard.ts'

it('waits longer after each death, and half a minute once five came within one', () => {
  let now = 0
  const guard = new CrashGuard(() => now)
  const waits = Array.from({ length: 6 }, () => {
    now += 1000
    return guard.note()
  })
  expect(waits).toEqual([50, 100, 200, 400, 30_000, 30_000])
  expect(guard.tripped).toBe(true)
})

it('forgets deaths after a minute', () => {
  let now = 0
  const guard = new CrashGuard(() => now)
  for (let count = 0; count < 5; count += 1) guard.note()
  now = 59_999
  expect(guard.tripped).toBe(true)
  now = 60_000
  expect(guard.tripped).toBe(false)
  expect(guard.note()).toBe(50)
})
