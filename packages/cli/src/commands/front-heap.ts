import { setFlagsFromString } from 'node:v8'
import { setHeapGrowth } from 'incant/internal'
import { collectAfterStart } from 'incant/internal/memory'

/** Percent by which the heap may grow from one full collection to the next: four times what lives, the most V8 itself chooses. */
const GROWTH = 300

/**
 * Has V8 collect the garbage of the process with the sockets as suits requests, which are many and short.
 *
 * - A place in the code whose objects live long makes V8 put later ones among old objects at once. For an object of each request that is
 *   wrong: all that it refers to lives until the next full collection, which took a third of the CPU of small requests.
 * - The heap is small, 13 MiB, and the bodies of requests, which lie outside of it, count to it: every fourth body of 3 MB had
 *   the whole heap marked, a third of the CPU of reading such bodies. Without processes for the predictor it has what its model keeps, so it
 *   is left as it is.
 *
 * What the start has left is collected once.
 *
 * For a server that is ready: once a flag is set, V8 does not use the code that Node has compiled for its modules, and
 * compiles each that is loaded later, which takes a start a twentieth longer.
 */
export function tuneFrontHeap({ workers }: { readonly workers?: number | 'auto' | undefined }): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
  if (workers !== 0) setHeapGrowth(GROWTH)
  collectAfterStart()
}
