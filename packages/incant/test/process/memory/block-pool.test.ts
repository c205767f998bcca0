import { expect, it, vi } from 'vitest'
import { BLOCK, giveBlocks, takeBlock } from '../../../src/process/memory/block-pool.ts'

it('gives the block again that came back last, and leaves those that a second did not need to the garbage', () => {
  vi.useFakeTimers()
  const blocks = [takeBlock(), takeBlock(), takeBlock()]
  expect(new Set(blocks).size).toBe(3)
  expect(blocks.map(({ byteLength }) => byteLength)).toEqual([BLOCK, BLOCK, BLOCK])
  giveBlocks(blocks)
  vi.advanceTimersByTime(1000)
  // One is in use all the time.
  for (let second = 0; second < 2; second += 1) {
    const block = takeBlock()
    expect(block).toBe(blocks[2])
    giveBlocks([block])
    vi.advanceTimersByTime(1000)
  }
  expect(takeBlock()).toBe(blocks[2])
  expect(blocks).not.toContain(takeBlock())
  vi.advanceTimersByTime(2000)
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})
