import { beforeEach, expect, it, vi } from 'vitest'

const heap = { used_heap_size: 0 }
const posted: string[] = []

vi.mock('node:v8', () => ({ getHeapStatistics: () => heap }))
vi.mock('node:inspector', () => ({
  Session: class {
    connect(): void {}
    post(method: string): void {
      posted.push(method)
    }
  },
}))

const MIB = 1_048_576
const { collectAfterStart } = await import('../../../src/process/memory/collect-after-start.ts')

beforeEach(() => {
  posted.length = 0
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

it.each([
  ['once, where there is little work', 0.1, 10 * MIB, ['HeapProfiler.collectGarbage']],
  ['not while there is work', 0.5, 10 * MIB, []],
  ['not where the heap is large', 0.1, 100 * MIB, []],
])('collects garbage %s', async (_where, utilization, used, expected) => {
  heap.used_heap_size = used
  const look = vi.spyOn(performance, 'eventLoopUtilization').mockReturnValue({ utilization, idle: 0, active: 0 })
  collectAfterStart()
  await vi.advanceTimersByTimeAsync(10_000)
  await vi.waitFor(() => expect(posted).toEqual(expected))
  look.mockRestore()
})
