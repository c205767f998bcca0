import type { Job, JobStatus, Lease, NewJob, OutputPart } from './job.ts'
import type { Addition, Ending } from './transitions.ts'
import type { WebhookOutcome, WebhookRow } from './webhook.ts'

/**
 * Where jobs are. A store makes the transitions of {@link advance} and no others, each as one guarded update, together with
 * the webhook that it causes: of two fronts that want the same, one gets it.
 *
 * Everything given and returned is data, so that a store can be in another thread. What fails because the store is away is
 * a {@link StoreUnavailable}; nothing was changed then, or it is not known whether it was.
 */
export interface JobStore {
  /** For messages: `memory`, a path, an address without a password. */
  readonly name: string
  /** The clock of the store, in milliseconds since 1970: every time that it is given is of this one. */
  now(): number
  /** Adds a job, unless its owner has one of this id: then that one is returned. */
  create(job: NewJob): Promise<CreatedJob>
  /** @param key - Not the public id. */
  get(key: string): Promise<Job | undefined>
  /** The job that an owner knows by an id. */
  find(owner: string, id: string): Promise<Job | undefined>
  /** Jobs, the newest first, without their inputs and logs. */
  list(query: JobQuery): Promise<readonly Job[]>
  /** What a job has produced from an item on, as it was written. */
  readOutput(key: string, from: number): Promise<readonly OutputPart[]>
  /** Begins the job that has waited longest, of those that may begin: `processing`, with the lease, and its webhook. */
  claim(claim: JobClaim): Promise<Job | undefined>
  /** Renews the leases of a front. Returns the jobs that it still has; one that is missing is not its any more. */
  renew(lease: Lease): Promise<readonly HeldJob[]>
  /** Adds to a job that runs. Returns whether it is still that front's. */
  append(addition: JobAddition): Promise<boolean>
  /** Ends a job that runs. Returns undefined where it is not that front's any more. */
  end(ending: JobEnding): Promise<Job | undefined>
  /** Puts a job back into the queue. Returns whether it may begin again; if not, it is as it was. */
  putBack(job: PutBack): Promise<boolean>
  /** Cancels a job: at once where it waits, else it is asked to end. Returns it as it is then. */
  cancel(key: string): Promise<Job | undefined>
  /** Ends the jobs whose fronts are gone, or has them begin again. Returns how many. @param by - The front that asks. */
  recover(by: string): Promise<number>
  /** Removes what is older than its time, as {@link Retention} says. Returns how many rows. */
  sweep(retention: Retention): Promise<number>
  count(): Promise<JobCounts>
  /** Webhooks that are due, the oldest open one of each job, leased to a front while it sends them. */
  claimWebhooks(claim: WebhookClaim): Promise<readonly WebhookRow[]>
  /** Notes what became of an attempt. Returns whether the webhook was still that front's. */
  settleWebhook(settled: SettledWebhook): Promise<boolean>
  /**
   * Calls back when a job has changed, here or in another front: as well as the store can tell, so that it is also asked
   * from time to time.
   *
   * @returns Ends it.
   */
  watch(listener: (change: JobChange) => void): () => void
  close(): Promise<void>
}

/** The result of {@link JobStore.create}. */
export interface CreatedJob {
  readonly job: Job
  /** `false`: it was there before. */
  readonly isNew: boolean
}

/** What {@link JobStore.list} looks for. */
export interface JobQuery {
  /** Undefined: the jobs of all owners. */
  readonly owner?: string | undefined
  readonly status?: JobStatus | undefined
  /** Only jobs that are older than the one of this key. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Who wants a job. */
export interface JobClaim {
  readonly lease: Lease
  /** The ids of the models that it can run now. */
  readonly models: readonly string[]
}

/** A job that a front has. */
export interface HeldJob {
  readonly key: string
  /** `false`: it waits, and its input is with this front alone. */
  readonly isRunning: boolean
  readonly cancelRequested: boolean
}

/** Progress of a job. */
export interface JobAddition extends Addition {
  readonly key: string
  readonly holder: string
  /** What {@link Addition.output} describes. */
  readonly data?: string | Uint8Array | undefined
  /** What webhooks are written for. */
  readonly events?: readonly ('output' | 'logs')[] | undefined
}

/** The end of a job. */
export interface JobEnding extends Ending, JobAddition {}

/** A job that goes back into the queue. */
export interface PutBack {
  readonly key: string
  readonly holder: string
  /** Whether predict has begun. */
  readonly hasBegun: boolean
}

/** How long what is kept. Durations are milliseconds. */
export interface Retention {
  /** Outputs, inputs and logs of jobs that are over. */
  readonly outputs: number
  /** Jobs that are over. */
  readonly jobs: number
  /** Jobs that wait: then they fail as `expired`. */
  readonly waiting: number
}

/** How many jobs there are. */
export interface JobCounts {
  readonly starting: number
  readonly processing: number
  /** Webhooks that are not delivered. */
  readonly webhooks: number
}

/** Who wants webhooks to send. */
export interface WebhookClaim {
  readonly lease: Lease
  readonly limit: number
}

/** An attempt to send a webhook. */
export interface SettledWebhook {
  readonly id: string
  readonly holder: string
  readonly outcome: WebhookOutcome
}

/** Something has changed. */
export interface JobChange {
  readonly key: string
  readonly kind: ChangeKind
}

/** `waiting`: it may begin; `cancel`: it runs and is to end; `job`: anything else; `webhook`: there is one more to send. */
export type ChangeKind = 'waiting' | 'cancel' | 'job' | 'webhook'

/** What a transition is for those who watch. */
export function changeOf(before: Job, after: Job): ChangeKind {
  if (after.status === 'starting') return 'waiting'
  return after.status === 'processing' && after.cancelRequested && !before.cancelRequested ? 'cancel' : 'job'
}

/** What a store throws that is away. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** What it does or is, for callers: the end of a sentence. */
  readonly state: 'does not answer' | 'is full'

  /** @param store - The name of the store. */
  constructor(store: string, cause: unknown, state: 'does not answer' | 'is full' = 'does not answer') {
    super(`the store of jobs ${store} ${state}`, { cause })
    this.state = state
  }
}
