import { Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { CLAIM_FD, ClaimLine, encodeWord, TAKEN_BACK } from '../wire/claim-line.ts'
import { CLAIM, type Claims, claim } from '../wire/claims.ts'
import { keepTicking, type Ticks } from './ticks.ts'

/** How often a replica looks whether its front is still there, in milliseconds. */
const INTERVAL = 500

// What side-thread.ts gives.
const { claims, ticks, front } = workerData as {
  readonly claims: Claims
  readonly ticks: Ticks
  readonly front: number
}

const input = new Socket({ fd: CLAIM_FD.input, readable: true, writable: false })
const output = new Socket({ fd: CLAIM_FD.output, readable: false, writable: true })
for (const end of [input, output]) end.on('error', () => {})
// Words of the front are numbers of calls, as those of a replica that has begun them are.
new ClaimLine({ input, output }, takeBack, () => {})
keepTicking(ticks)

// Orphans are taken over by another process, which shows in the parent's id.
setInterval(() => {
  if (process.ppid !== front) process.kill(process.pid, 'SIGKILL')
}, INTERVAL)

function takeBack(n: number): void {
  if (claim(claims, n, CLAIM.takenBack)) output.write(encodeWord(n + TAKEN_BACK))
}
