import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { CLAIM_FD, ClaimLine, encodeWord, TAKEN_BACK } from '../wire/claim-line.ts'
import { CLAIM, type Claims, claim, isStarted } from '../wire/claims.ts'
import { type Ticks, tick } from './ticks.ts'

/** Time that the main thread has to end the process by itself once the front is gone, in milliseconds. */
const LAST_MOMENT = 500

// What side-thread.ts gives.
const { claims, ticks } = workerData as { readonly claims: Claims; readonly ticks: Ticks }

const input = new Socket({ fd: CLAIM_FD.input, readable: true, writable: false })
const output = new Socket({ fd: CLAIM_FD.output, readable: false, writable: true })
for (const end of [input, output]) end.on('error', () => {})
// Words of the front are numbers of calls, as those of a replica that has begun them are.
new ClaimLine({ input, output }, takeBack, () => {})
parentPort?.on('message', () => tick(ticks))

// The front keeps its end open for as long as it lives.
input.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_MOMENT))

function takeBack(n: number): void {
  if (claim(claims, n, CLAIM.takenBack)) output.write(encodeWord(n + TAKEN_BACK))
  // It came too late, and the front goes by what it knew.
  else if (isStarted(claims, n)) output.write(encodeWord(n))
}
