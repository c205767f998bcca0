import type { WebhookOutcome, WebhookRow } from '../webhook.ts'
import { type WebhookAnswer, WebhookFailure } from './webhook-transport.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * Milliseconds between an attempt that failed and the next one, the schedule of Standard Webhooks. After the last one, a
 * day after the first attempt, the webhook is given up.
 */
const DELAYS: readonly number[] = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR]

/** A receiver that wants to be asked later than this is asked then. */
const LONGEST_DELAY = 10 * HOUR

/**
 * Decides what becomes of a webhook after an attempt. That a job is over is tried again: after no answer, a 5xx, a 429
 * and a redirect. Progress is sent once, since more follows.
 *
 * @param now - The clock of the store.
 */
export function judgeAttempt(
  { event, attempts }: Pick<WebhookRow, 'event' | 'attempts'>,
  result: WebhookAnswer | WebhookFailure,
  now: number,
): WebhookOutcome {
  const failure = describe(result)
  if (failure === undefined) return { kind: 'delivered' }
  const delay = event === 'completed' && mayPass(result) ? DELAYS[attempts] : undefined
  if (delay === undefined) return { kind: 'givenUp', failure }
  return { kind: 'retry', due: now + Math.max(delay, askedDelay(result)), failure }
}

function describe(result: WebhookAnswer | WebhookFailure): string | undefined {
  if (result instanceof WebhookFailure) return result.message
  return result.status >= 200 && result.status < 300 ? undefined : `the receiver answered ${result.status}`
}

/** Whether another attempt may go better: a 4xx is the receiver's word on this webhook, a 410 on every one. */
function mayPass(result: WebhookAnswer | WebhookFailure): boolean {
  return result instanceof WebhookFailure || result.status === 429 || result.status < 400 || result.status >= 500
}

function askedDelay(result: WebhookAnswer | WebhookFailure): number {
  const seconds = result instanceof WebhookFailure ? undefined : result.retryAfter
  return Math.min((seconds ?? 0) * SECOND, LONGEST_DELAY)
}
