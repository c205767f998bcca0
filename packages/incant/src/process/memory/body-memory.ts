import { makeRoomForBodies } from './heap-growth.ts'

/** Bytes from which a body is large: malloc maps separate memory for it. */
export const LARGE_BODY = 131_072

/** Bytes, the most that malloc of glibc adapts to is 32 MiB. */
const MAPPED = 31_457_280

let isPrepared = false

/** Memory for a body that is going to be overwritten from end to end. */
export function takeBodyMemory(length: number): Buffer {
  if (length >= LARGE_BODY) expectLargeBody()
  return Buffer.allocUnsafeSlow(length)
}

/** Prepares the memory of this process for large bodies. */
export function expectLargeBody(): void {
  keepFreedMemory()
  makeRoomForBodies()
}

/**
 * Has malloc keep up to 60 MiB that is freed for the next bodies. A page that is returned to the system is cleared and
 * mapped again with the next body, which costs twice as much as to copy into it. Once memory that was mapped on its own is freed, glibc takes less
 * than this from its heap from then on, and keeps twice as much there: this has no page, and is garbage at once. Other
 * implementations of malloc ignore it.
 */
function keepFreedMemory(): void {
  if (isPrepared) return
  isPrepared = true
  Buffer.allocUnsafeSlow(MAPPED)
}
