import { expectLargeBody } from './body-memory.ts'

/** Bytes of a block. */
export const BLOCK = 262_144

/** Milliseconds after which blocks that were not needed meanwhile are left to the garbage. */
const REVIEW = 1000

const free: Buffer[] = []
/** The fewest that were free since the last review. */
let spare = 0
let timer: ReturnType<typeof setInterval> | undefined

/**
 * A reusable block of memory for bodies that pass through this process. Separate memory for each body would survive the cheap
 * collections, and full ones cost more than copying the body. The content of a block is undefined.
 */
export function takeBlock(): Buffer {
  expectLargeBody()
  const block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK)
  spare = Math.min(spare, free.length)
  return block
}

/** Takes blocks back that nothing reads any more. */
export function giveBlocks(blocks: readonly Buffer[]): void {
  free.push(...blocks)
  timer ??= setInterval(review, REVIEW).unref()
}

function review(): void {
  free.splice(0, spare)
  spare = free.length
  if (spare > 0) return
  clearInterval(timer)
  timer = undefined
}
