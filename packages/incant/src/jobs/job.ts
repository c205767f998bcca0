import type { Principal } from '../predictor/context.ts'

/** Every state of a job: it waits, runs, or has ended in one of three ways. */
export type JobStatus = 'starting' | 'processing' | JobEnd

/** How a job ends. */
export type JobEnd = 'succeeded' | 'failed' | 'canceled'

/** What a webhook can be sent for. */
export type WebhookEvent = 'start' | 'output' | 'logs' | 'completed'

/** Where a job reports its progress. */
export interface JobWebhook {
  readonly url: string
  /** What it is sent for. */
  readonly events: readonly WebhookEvent[]
}

/** The state of the webhook that says how a job ended. */
export interface WebhookDelivery {
  readonly status: 'pending' | 'delivered' | 'given_up'
  readonly attempts: number
  /** Milliseconds since 1970. Undefined once there is no further attempt. */
  readonly nextAttemptAt: number | undefined
  /** Why the last attempt failed, in a few words. */
  readonly failure: string | undefined
}

/** Why a job failed, as its caller may know it. */
export interface JobError {
  /** A code of a problem document, such as `internal` or `interrupted`. */
  readonly code: string
  readonly detail: string
}

/** What a job has produced so far. Its data is stored apart, in {@link OutputPart}s. */
export interface JobOutput {
  /** `items`: those of a stream, one by one. `value`: one value as JSON. `bytes`: of the content type. */
  readonly form: 'items' | 'value' | 'bytes'
  readonly contentType: string | undefined
  /** Items so far; 1 for the other forms. */
  readonly count: number
  /** Bytes so far. */
  readonly size: number
}

/** Data that a job has produced: an item a line for `items`, JSON text for `value`, else the bytes. */
export interface OutputPart {
  /** The number of the first item in it, from 0. */
  readonly position: number
  readonly count: number
  readonly data: string | Uint8Array
}

/** Who works on a job, and until when without renewing it. */
export interface Lease {
  /** The front. */
  readonly holder: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/** What a job is from its first moment on. */
export interface NewJob {
  /** The key of the store: 26 characters of base32 that nobody can guess. */
  readonly key: string
  /** The public id: the caller's own, else the key. */
  readonly id: string
  /** The id of the principal, with which ids are unique. Empty: the server does not identify callers. */
  readonly owner: string
  /** With what the call runs later. */
  readonly principal: Principal | undefined
  /** The id of the model: `NAME`, or `NAME:VERSION`. */
  readonly model: string
  readonly version: string | undefined
  /** JSON text; empty where predict gets no payload. Undefined: it is kept out of the store, and the front that took the job has it. */
  readonly input: string | undefined
  /** The SHA-256 of the input and its model, in hexadecimal: the same id with another one is a mistake. */
  readonly digest: string
  /** JSON text of what the caller wants to find again. */
  readonly metadata: string | undefined
  /** The address of the server, as the caller reaches it. */
  readonly origin: string
  /** Opens the stream of events to a client that sends no credentials. */
  readonly token: string
  readonly webhook: JobWebhook | undefined
  /** How many times it may begin: more than once for a class with `@idempotent` alone. */
  readonly maxAttempts: number
  /** The front that has the input, where the store does not. */
  readonly lease: Lease | undefined
}

/** A job: one row, which is also what callers see. Times are milliseconds since 1970. */
export interface Job extends NewJob {
  readonly status: JobStatus
  readonly output: JobOutput | undefined
  readonly logs: string
  readonly error: JobError | undefined
  readonly metrics: Readonly<Record<string, number>>
  /** From 0 to 1, as the last item says it that has a member `progress`. */
  readonly progress: number | undefined
  /** JSON text of what a generator returned beside its items. */
  readonly returned: string | undefined
  /** How many times it has begun. */
  readonly attempts: number
  /** It is to end as `canceled` as soon as its front has noticed. */
  readonly cancelRequested: boolean
  readonly createdAt: number
  readonly startedAt: number | undefined
  readonly completedAt: number | undefined
  /** Its input, output and logs were removed when their time was over. */
  readonly isDataRemoved: boolean
  /** The number of the last webhook that was written for it. */
  readonly webhooks: number
  readonly webhookDelivery: WebhookDelivery | undefined
}

/** Whether nothing more happens to a job. */
export function isOver({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'starting' && status !== 'processing'
}

/** A job that was just taken. */
export function createJob(job: NewJob, now: number): Job {
  return {
    ...job,
    status: 'starting',
    output: undefined,
    logs: '',
    error: undefined,
    metrics: {},
    progress: undefined,
    returned: undefined,
    attempts: 0,
    cancelRequested: false,
    createdAt: now,
    startedAt: undefined,
    completedAt: undefined,
    isDataRemoved: false,
    webhooks: 0,
    webhookDelivery: undefined,
  }
}
