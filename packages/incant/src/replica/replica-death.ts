import type { ChildProcess } from 'node:child_process'

/** Why a replica ended: `exited` and `killed` by itself or from outside, `closed` on request. */
export type DeathReason = 'exited' | 'killed' | 'out_of_memory' | 'hang' | 'setup_failed' | 'closed'

/** How a replica ended. */
export interface ReplicaDeath {
  readonly reason: DeathReason
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * The time for the last messages of a process to arrive after its exit, in milliseconds: its child processes may keep
 * its pipes open.
 */
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

/** Calls back when everything that has arrived is read: the timer may be late only because this process was held up. */
function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

/** A death in words: `out_of_memory (signal SIGABRT)`. */
export function describeDeath({ reason, code, signal }: ReplicaDeath): string {
  if (signal !== null) return `${reason} (signal ${signal})`
  return code === null ? reason : `${reason} (code ${code})`
}
