import { isOver, type Job, type JobEnd, type JobError, type JobOutput, type Lease } from './job.ts'

/** What happens to a job. Times are those of the store. */
export type JobEvent =
  | BeginEvent
  | AppendEvent
  | EndEvent
  | PutBackEvent
  | CancelEvent
  | InterruptEvent
  | ExpireEvent
  | ForgetEvent

/** A front begins it. */
export interface BeginEvent {
  readonly kind: 'begin'
  readonly lease: Lease
  readonly now: number
}

/** It has produced something. */
export interface AppendEvent extends Addition {
  readonly kind: 'append'
  readonly holder: string
}

/** It is done. */
export interface EndEvent extends Ending {
  readonly kind: 'end'
  readonly holder: string
  readonly now: number
}

/** Its front ends before the engine has begun it, or may begin it again: somebody else can have it. */
export interface PutBackEvent {
  readonly kind: 'putBack'
  readonly holder: string
  /** Whether predict has begun. */
  readonly hasBegun: boolean
}

/** Its caller wants it no more. */
export interface CancelEvent {
  readonly kind: 'cancel'
  readonly now: number
}

/** Its lease is over: its front is gone. */
export interface InterruptEvent {
  readonly kind: 'interrupt'
  readonly now: number
  /** The front that notices it. Its own jobs are not gone. */
  readonly by: string
}

/** It has waited for too long. */
export interface ExpireEvent {
  readonly kind: 'expire'
  readonly now: number
  /** When a job that still waits must have been taken, in milliseconds since 1970. */
  readonly before: number
}

/** The time of its data is over. */
export interface ForgetEvent {
  readonly kind: 'forget'
  /** When a job must have ended, in milliseconds since 1970. */
  readonly before: number
}

/** Progress of a job that runs. */
export interface Addition {
  /** What there is more. `count` and `size` are those of the addition. */
  readonly output?: JobOutput | undefined
  readonly logs?: string | undefined
  readonly metrics?: Readonly<Record<string, number>> | undefined
  readonly progress?: number | undefined
}

/** The end of a job that runs, and what it produced last. */
export interface Ending extends Addition {
  readonly status: JobEnd
  readonly error?: JobError | undefined
  /** JSON text of what a generator returned beside its items. */
  readonly returned?: string | undefined
}

/** What callers are told of a job whose front is gone. */
export const INTERRUPTED: JobError = {
  code: 'interrupted',
  detail: 'The server stopped before the job was done. It may have had its effect.',
}

/** What callers are told of a job that has waited for too long. */
export const EXPIRED: JobError = {
  code: 'expired',
  detail: 'The job waited longer than jobs may wait, and never began.',
}

/**
 * The job after an event, or undefined where the event has no place: a job that is over stays what it is, and only the
 * front that has the lease speaks for one that runs. Every store makes exactly these transitions, each as one guarded update.
 */
export function advance(job: Job, event: JobEvent): Job | undefined {
  switch (event.kind) {
    case 'begin':
      return begin(job, event)
    case 'append':
      return holds(job, event.holder) ? extend(job, event) : undefined
    case 'end':
      return holds(job, event.holder) ? end(extend(job, event), event) : undefined
    case 'putBack':
      return putBack(job, event)
    case 'cancel':
      return cancel(job, event)
    case 'interrupt':
      return interrupt(job, event)
    case 'expire':
      return expire(job, event)
    case 'forget':
      return forget(job, event)
  }
}

/** Whether a front may begin a job: one whose input is not stored can run where it was taken alone. */
export function canBegin(job: Job, holder: string): boolean {
  return job.status === 'starting' && (job.input !== undefined || job.lease?.holder === holder)
}

function begin(job: Job, { lease, now }: BeginEvent): Job | undefined {
  if (!canBegin(job, lease.holder)) return undefined
  return { ...job, status: 'processing', lease, startedAt: now, attempts: job.attempts + 1 }
}

function holds(job: Job, holder: string): boolean {
  return job.status === 'processing' && job.lease?.holder === holder
}

function extend(job: Job, { output, logs = '', metrics, progress = job.progress }: Addition): Job {
  const { count, size } = job.output ?? { count: 0, size: 0 }
  return {
    ...job,
    output: output === undefined ? job.output : { ...output, count: count + output.count, size: size + output.size },
    logs: job.logs + logs,
    metrics: { ...job.metrics, ...metrics },
    progress,
  }
}

function end(job: Job, { status, error, returned, now }: Ending & { readonly now: number }): Job {
  return { ...job, status, error, returned, completedAt: now, lease: undefined }
}

function putBack(job: Job, { holder, hasBegun }: PutBackEvent): Job | undefined {
  if (!holds(job, holder) || job.input === undefined || job.cancelRequested) return undefined
  if (!hasBegun) return { ...fresh(job), attempts: job.attempts - 1 }
  return job.attempts < job.maxAttempts ? fresh(job) : undefined
}

/** As if it had never begun, but for the number of its attempts. */
function fresh(job: Job): Job {
  return {
    ...job,
    status: 'starting',
    lease: undefined,
    startedAt: undefined,
    output: undefined,
    logs: '',
    metrics: {},
    progress: undefined,
  }
}

function cancel(job: Job, { now }: CancelEvent): Job | undefined {
  if (isOver(job)) return undefined
  if (job.status === 'starting') return end(job, { status: 'canceled', now })
  return job.cancelRequested ? undefined : { ...job, cancelRequested: true }
}

function interrupt(job: Job, { now, by }: InterruptEvent): Job | undefined {
  const { lease } = job
  if (isOver(job) || lease === undefined || lease.holder === by || lease.until > now) return undefined
  if (job.cancelRequested) return end(job, { status: 'canceled', now })
  const mayBeginAgain = job.status === 'processing' && job.input !== undefined && job.attempts < job.maxAttempts
  return mayBeginAgain ? fresh(job) : end(job, { status: 'failed', error: INTERRUPTED, now })
}

function expire(job: Job, { now, before }: ExpireEvent): Job | undefined {
  if (job.status !== 'starting' || job.createdAt >= before) return undefined
  return end(job, { status: 'failed', error: EXPIRED, now })
}

/** A webhook that is still to be sent needs what it reports. */
function forget(job: Job, { before }: ForgetEvent): Job | undefined {
  if (job.completedAt === undefined || job.completedAt >= before || job.isDataRemoved) return undefined
  if (job.webhookDelivery?.status === 'pending') return undefined
  return { ...job, input: undefined, logs: '', output: undefined, returned: undefined, isDataRemoved: true }
}
