import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { openBegun } from '../wire/begun-file.ts'
import { CLAIM_FD, encodeWord, TAKEN_BACK } from '../wire/claim-line.ts'
import { CLAIM, type Claims, claim, makeClaims } from '../wire/claims.ts'
import { AskedTicks, isFresh, makeTicks } from './ticks.ts'

/** A replica's thread beside that of predict: it answers while predict holds up the main thread. */
export interface SideThread {
  /**
   * Claims a call for predict, so that the front knows before this returns. False if the front has taken it back.
   *
   * @param sentAt - When it was sent, in milliseconds of the machine's clock, modulo 2^32.
   */
  start(n: number, sentAt: number): boolean
}

/**
 * Starts the thread. It returns calls that predict has not begun, and ends the process when the front is gone, even
 * while predict computes.
 */
export function startSideThread(): SideThread {
  const [claims, ticks] = [makeClaims(), makeTicks()]
  const worker = new Worker(new URL('./side-thread-worker.js', import.meta.url), {
    workerData: { claims, ticks },
    execArgv: [],
    env: {},
    // Small: the thread loads only its own file.
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  worker.unref()
  const asked = new AskedTicks(ticks, () => worker.postMessage(undefined))
  const note = openBegun() ?? (n => writeNow(encodeWord(n)))
  return { start: (n, sentAt) => startCall(n, sentAt, { claims, ticks: asked, note }) }
}

interface Started {
  readonly claims: Claims
  readonly ticks: AskedTicks
  /** Has the front know that predict begins a call. */
  note(n: number): void
}

function startCall(n: number, sentAt: number, { claims, ticks, note }: Started): boolean {
  // Most calls begin at once, and need no tick.
  const known = isFresh(sentAt) ? sentAt : ticks.await()
  if (!claim(claims, n, CLAIM.started)) return false
  note(n)
  // By what was known before: the side thread may have gone on first, and looked again.
  if (isFresh(known)) return true
  // This process was suspended between the two: the front may have given the call to another replica.
  writeNow(encodeWord(n + TAKEN_BACK))
  return false
}

/** Milliseconds to wait for a front that has let the line fill up. */
const PATIENCE = 1

/** Writes synchronously, so that the front gets it even if this process does not come back to its event loop. */
function writeNow(bytes: Buffer): void {
  for (;;) {
    try {
      writeSync(CLAIM_FD.output, bytes)
      return
    } catch (thrown) {
      if (!isFull(thrown)) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE)
    }
  }
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN'
}
