import { isOver, type Job, type JobStatus, type WebhookDelivery, type WebhookEvent } from './job.ts'

/**
 * A webhook that is to be sent: a row of the outbox, written in the transaction of the transition that it reports. It has
 * no body: that is the document of the job as it was then, which {@link WebhookSnapshot} cuts out of what is stored.
 */
export interface WebhookRow {
  /** The `webhook-id`: the same on every attempt. */
  readonly id: string
  /** The key of the job. */
  readonly key: string
  /** The place among the webhooks of the job, which are sent in this order. */
  readonly sequence: number
  readonly event: WebhookEvent
  readonly url: string
  /** Attempts that were made. */
  readonly attempts: number
  /** When the next attempt is due, in milliseconds since 1970. */
  readonly due: number
  readonly snapshot: WebhookSnapshot
}

/** How far a job was when a webhook was written. */
export interface WebhookSnapshot {
  readonly status: JobStatus
  /** Items, or parts, of the output. */
  readonly items: number
  /** Characters of the logs. */
  readonly logs: number
}

/** What became of an attempt. */
export type WebhookOutcome =
  | { readonly kind: 'delivered' }
  /** @param due - Milliseconds since 1970. */
  | { readonly kind: 'retry'; readonly due: number; readonly failure: string }
  | { readonly kind: 'givenUp'; readonly failure: string }

/** The webhook of an event, where the job asks for it. */
export function webhookOf(job: Job, event: WebhookEvent, now: number): WebhookRow | undefined {
  const { webhook, key } = job
  if (webhook === undefined || !webhook.events.includes(event)) return undefined
  const sequence = job.webhooks + 1
  const snapshot = { status: job.status, items: job.output?.count ?? 0, logs: job.logs.length }
  return { id: `msg_${key}_${sequence}`, key, sequence, event, url: webhook.url, attempts: 0, due: now, snapshot }
}

/** The delivery of the webhook that says how a job ended, once that is written. */
export function deliveryOf(job: Job, row: WebhookRow | undefined): WebhookDelivery | undefined {
  if (row?.event !== 'completed' || !isOver(job)) return job.webhookDelivery
  return { status: 'pending', attempts: 0, nextAttemptAt: row.due, failure: undefined }
}

/** The same after one more attempt, which was number `attempts`. */
export function afterAttempt(attempts: number, outcome: WebhookOutcome): WebhookDelivery {
  switch (outcome.kind) {
    case 'delivered':
      return { status: 'delivered', attempts, nextAttemptAt: undefined, failure: undefined }
    case 'retry':
      return { status: 'pending', attempts, nextAttemptAt: outcome.due, failure: outcome.failure }
    case 'givenUp':
      return { status: 'given_up', attempts, nextAttemptAt: undefined, failure: outcome.failure }
  }
}
