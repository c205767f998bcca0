import type { ChildProcess } from 'node:child_process'

/** Why a replica is no more: `exited` and `killed` by itself or somebody else, `closed` where it was told to. */
export type DeathReason = 'exited' | 'killed' | 'out_of_memory' | 'hang' | 'setup_failed' | 'closed'

/** How a replica ended. */
export interface ReplicaDeath {
  readonly reason: DeathReason
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Time for what a process sent at last to arrive after its exit, in milliseconds: its own children may hold its pipes. */
const LAST_WORDS = 500

/** How a process ends, known once everything it sent has been read. */
export function awaitEnd(child: ChildProcess): Promise<Pick<ReplicaDeath, 'code' | 'signal'>> {
  return new Promise(resolve => {
    child.on('error', () => {
      // It may also say that a signal could not be sent.
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
    child.on('close', (code, signal) => resolve({ code, signal }))
    child.on('exit', (code, signal) => setTimeout(() => afterReading(() => resolve({ code, signal })), LAST_WORDS))
  })
}

/** Calls back when what has arrived by now is read: the time may be up only because this process was held up. */
function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

/** A death in words: `out_of_memory (signal SIGABRT)`. */
export function describeDeath({ reason, code, signal }: ReplicaDeath): string {
  if (signal !== null) return `${reason} (signal ${signal})`
  return code === null ? reason : `${reason} (code ${code})`
}
