import type { JobEnding, JobStore } from '../../jobs/store.ts'
import { INTERRUPTED } from '../../jobs/transitions.ts'
import type { Logger } from '../../log/logger.ts'

/** Milliseconds between two attempts to write what became of a job, while the store is away. */
const PAUSE = 1000

/** How a job ends, but for which job it is. */
export type JobEnd = Omit<JobEnding, 'key' | 'holder'>

/** What became of a job that a front has claimed. */
export type JobOutcome =
  | { readonly kind: 'over'; readonly end: JobEnd }
  /** The server ends. @param end - What to write where the job may not begin again. */
  | { readonly kind: 'interrupted'; readonly end: JobEnd }
  /** The engine had no place for it after all. */
  | { readonly kind: 'notBegun' }

/** Where outcomes are written. */
export interface Settlement {
  readonly store: JobStore
  readonly holder: string
  readonly logger: Logger
  /** The server has ended: what the store does not take now, another front finds. */
  isClosed(): boolean
}

/** Writes what became of a job, until the store has it. One that has given the job to another front takes nothing of this one. */
export async function settleJob(key: string, outcome: JobOutcome, settlement: Settlement): Promise<void> {
  const { store, logger, isClosed } = settlement
  for (;;) {
    try {
      return await settleOnce(key, outcome, settlement)
    } catch (thrown) {
      logger.log('error', 'what became of a job waits: its store does not answer', {
        store: store.name,
        job: key,
        reason: String(thrown),
      })
      if (isClosed()) return
      await new Promise(resolve => setTimeout(resolve, PAUSE))
    }
  }
}

/** What becomes of a job whose predict is still at it when the server ends. */
export const LEFT_RUNNING: JobOutcome = {
  kind: 'interrupted',
  end: { status: 'failed', error: INTERRUPTED },
}

async function settleOnce(key: string, outcome: JobOutcome, { store, holder }: Settlement): Promise<void> {
  if (outcome.kind === 'notBegun') await store.putBack({ key, holder, hasBegun: false })
  else if (outcome.kind === 'over' || !(await store.putBack({ key, holder, hasBegun: true })))
    await store.end({ key, holder, ...outcome.end })
}
