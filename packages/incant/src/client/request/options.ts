import { type Duration, readDuration } from '../../units/quantities.ts'
import type { ClientAuth } from './auth.ts'
import type { RequestHeaders } from './headers.ts'

/** The part of `fetch` that a client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** When and how often a call is made again. */
export interface RetryOptions {
  /**
   * How often a call is made at most, the first time included.
   *
   * @default 3
   */
  readonly attempts?: number | undefined
  /**
   * The wait before the second attempt where the server names no time, such as `'250ms'`; a bare number is milliseconds.
   * Each further wait is twice as long. Half of every wait is random, so that many clients do not come back at once.
   *
   * @default '250ms'
   */
  readonly delay?: Duration | undefined
  /**
   * The longest wait, such as `'10s'`; a bare number is milliseconds. If a server wants more in `Retry-After`, there is
   * no retry: the call fails, and its error says when to try again.
   *
   * @default '10s'
   */
  readonly maxDelay?: Duration | undefined
  /**
   * Whether a call that may have run is made again, too: after a connection that broke, a 502, 504 or 500. Only where
   * running predict twice does no harm.
   *
   * @default false
   */
  readonly unsafe?: boolean | undefined
}

/** Options of {@link ModelClient}. */
export interface ModelClientOptions {
  /** Credentials for `predict`; several where the server requires all of them. They are sent to no other route. */
  readonly auth?: ClientAuth | readonly ClientAuth[] | undefined
  /** Sent with every request. */
  readonly headers?: RequestHeaders | undefined
  /**
   * Time a call may take in all, with its attempts and the waits between them, such as `'30s'`; a bare number is
   * milliseconds. For a streamed answer, the time that each wait for the next bytes may take. `Infinity`: no limit.
   *
   * @default '2m'
   */
  readonly timeout?: Duration | undefined
  /** When and how often a call is made again. `false`: no call is made twice. */
  readonly retry?: RetryOptions | false | undefined
  /**
   * Sends the requests in place of the global `fetch`: a proxy, a test, `app.request` of an application in memory.
   *
   * @default globalThis.fetch
   */
  readonly fetch?: Fetch | undefined
}

/** Options of one call; each overrides the option of the client. */
export interface CallOptions {
  /** Added to the server's headers, or in place of those of the same name. */
  readonly headers?: RequestHeaders | undefined
  /** Ends the call, its waits and its stream. The call is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * Time this call may take in all, such as `'30s'`; a bare number is milliseconds.
   *
   * @default the server's own
   */
  readonly timeout?: Duration | undefined
  /**
   * When and how often this call is made again. `false`: never.
   *
   * @default the server's own
   */
  readonly retry?: RetryOptions | false | undefined
}

/** What a webhook can be sent for. */
export type WebhookEvent = 'start' | 'output' | 'logs' | 'completed'

/** Options of {@link ModelClient.submit}. */
export interface SubmitOptions extends CallOptions {
  /**
   * The id of the job, 1 to 64 letters, digits, `-` and `_`. Submitting the same payload under it again gives the same job.
   *
   * @default 26 random characters
   */
  readonly id?: string | undefined
  /** The URL that the server sends webhooks to; {@link verifyWebhook} verifies them. */
  readonly webhook?: string | URL | undefined
  /**
   * What webhooks are sent for.
   *
   * @default all of them
   */
  readonly webhookEvents?: readonly WebhookEvent[] | undefined
  /** Anything that JSON can carry, to be found again in the job. */
  readonly metadata?: unknown
}

/** {@link RetryOptions}, complete; times in milliseconds. */
export interface RetryPlan {
  readonly attempts: number
  readonly delay: number
  readonly maxDelay: number
  readonly unsafe: boolean
}

const DEFAULT_RETRY: RetryPlan = { attempts: 3, delay: 250, maxDelay: 10_000, unsafe: false }
const NO_RETRY: RetryPlan = { ...DEFAULT_RETRY, attempts: 1 }

/** Twice the time that a server gives a call by default, so that the server is the first to report a timeout. */
const DEFAULT_TIMEOUT = 120_000

/** The retry options in force, where some of them were given. */
export function readRetry(given: RetryOptions | false | undefined, base: RetryPlan = DEFAULT_RETRY): RetryPlan {
  if (given === false) return NO_RETRY
  const { attempts = base.attempts, unsafe = base.unsafe } = given ?? {}
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new TypeError(`retry.attempts must be an integer above 0, not ${attempts}. Write retry: false for none.`)
  const delay = readWait('retry.delay', given?.delay ?? base.delay)
  const maxDelay = readWait('retry.maxDelay', given?.maxDelay ?? base.maxDelay)
  return { attempts, delay, maxDelay, unsafe }
}

/** The time limit in force, where one may have been given. */
export function readTimeout(given: Duration | undefined, base: number = DEFAULT_TIMEOUT): number {
  const timeout = readDuration(given ?? base) ?? 0
  if (timeout > 0) return timeout
  throw new TypeError(`timeout must be a duration above 0, such as '30s' or 30_000 milliseconds, not ${given}`)
}

function readWait(name: string, given: Duration): number {
  const milliseconds = readDuration(given)
  if (milliseconds !== undefined) return milliseconds
  throw new TypeError(`${name} must be a duration, such as '250ms' or 250 milliseconds, not ${given}`)
}
