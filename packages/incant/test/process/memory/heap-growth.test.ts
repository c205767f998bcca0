import { beforeEach, expect, it, vi } from 'vitest'

const heap = { used_heap_size: 0 }
const flags: string[] = []

vi.mock('node:v8', () => ({
  getHeapStatistics: () => heap,
  setFlagsFromString: (flag: string) => flags.push(flag),
}))

/** The module as a process that begins has it. */
async function load() {
  vi.resetModules()
  return {
    ...(await import('../../../src/process/memory/heap-growth.ts')),
    ...(await import('../../../src/process/memory/body-memory.ts')),
  }
}

const MIB = 1_048_576

beforeEach(() => {
  vi.useFakeTimers()
  flags.length = 0
  heap.used_heap_size = 12 * MIB
  return () => vi.useRealTimers()
})

it('leaves a small heap 96 MiB to grow with the first large body, and none with a small one', async () => {
  const { takeBodyMemory } = await load()
  expect(takeBodyMemory(131_071)).toHaveLength(131_071)
  expect(flags).toEqual([])
  expect(takeBodyMemory(131_072)).toHaveLength(131_072)
  expect(flags).toEqual(['--heap-growing-percent=800'])
})

it('gives the usual growth back after a second without a large body', async () => {
  const { makeRoomForBodies, setHeapGrowth } = await load()
  setHeapGrowth(300)
  makeRoomForBodies()
  vi.advanceTimersByTime(1000)
  makeRoomForBodies()
  vi.advanceTimersByTime(1000)
  expect(flags).toEqual(['--heap-growing-percent=300', '--heap-growing-percent=800'])
  vi.advanceTimersByTime(1000)
  expect(flags.at(-1)).toBe('--heap-growing-percent=300')
  expect(vi.getTimerCount()).toBe(0)
})

it('takes the room back from a heap that becomes large while bodies go on to arrive', async () => {
  const { makeRoomForBodies } = await load()
  makeRoomForBodies()
  heap.used_heap_size = 33 * MIB
  makeRoomForBodies()
  vi.advanceTimersByTime(1000)
  expect(flags).toEqual(['--heap-growing-percent=800', '--heap-growing-percent=0'])
})

it('leaves a heap that is large already to V8', async () => {
  const { makeRoomForBodies } = await load()
  heap.used_heap_size = 33 * MIB
  makeRoomForBodies()
  expect(flags).toEqual([])
})
