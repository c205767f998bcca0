import { readWebhookSecret, type SigningKey } from '../../signing/secret.ts'
import { isSigned, type SignedContent } from '../../signing/signature.ts'
import { type Duration, readDuration } from '../../units/quantities.ts'
import type { Job } from '../types/job.ts'
import { WebhookVerificationError } from './verification-error.ts'
import { readHeader, readRawBody, type WebhookRequest } from './webhook-request.ts'

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /** The secret that the server signs with, `whsec_…`. Several while they are rotated: one of them must match. */
  readonly secret: string | readonly string[]
  /**
   * How far the time in the webhook may be from now, such as `'5m'`; a bare number is milliseconds. A captured webhook
   * cannot be sent again after it.
   *
   * @default '5m'
   */
  readonly tolerance?: Duration | undefined
}

/** A webhook that the server has sent. */
export interface Webhook<Predictor = unknown> {
  /** The same on every attempt: an id that was handled already needs no second look. */
  readonly id: string
  /** When this attempt was sent. */
  readonly sentAt: Date
  /** The job as it was when the webhook was made. */
  readonly job: Job<Predictor>
}

/**
 * Verifies a webhook by its signature (https://www.standardwebhooks.com), in constant time, with WebCrypto. What the
 * head tells is refused before the body is read.
 *
 * @param request - A standard `Request` whose body is not read, or the headers and the raw body of one.
 * @typeParam Predictor - `typeof Predictor`, for the type of the output.
 * @returns The job that the webhook is about.
 * @throws {WebhookVerificationError} Where it must not be believed.
 * @throws {TypeError} For a secret that is not well formed, and for a body that is parsed already.
 * @example
 * ```ts
 * const { job } = await verifyWebhook<typeof Predictor>(request, { secret })
 * if (job.status === 'succeeded') await save(job.id, job.output)
 * ```
 */
export async function verifyWebhook<Predictor = unknown>(
  request: WebhookRequest,
  { secret, tolerance = '5m' }: VerifyWebhookOptions,
): Promise<Webhook<Predictor>> {
  const keys = readKeys(secret)
  const { id, timestamp, signature } = readHead(request)
  const sentAt = readTime(timestamp, readTolerance(tolerance))
  const content: SignedContent = { id, timestamp, body: await readRawBody(request) }
  if (await isSigned(content, signature, keys)) return { id, sentAt, job: readJob<Predictor>(content.body) }
  throw new WebhookVerificationError('The webhook is not signed with one of the secrets.', 'wrong_signature')
}

function readKeys(secret: string | readonly string[]): readonly SigningKey[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  if (secrets.length === 0) throw new TypeError('secret is an empty list: nothing could be verified.')
  return secrets.map((text, index) => {
    const read = typeof text === 'string' ? readWebhookSecret(text) : { fault: `is of type ${typeof text}` }
    if ('key' in read) return read.key
    const which = secrets.length === 1 ? 'The secret' : `Secret ${index + 1}`
    throw new TypeError(`${which} ${read.fault}. Secrets of webhooks look like whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.`)
  })
}

interface Head {
  readonly id: string
  readonly timestamp: string
  readonly signature: string
}

function readHead(request: WebhookRequest): Head {
  const id = readHeader(request, 'webhook-id')
  const timestamp = readHeader(request, 'webhook-timestamp')
  const signature = readHeader(request, 'webhook-signature')
  if (id === '') throw missing('webhook-id')
  if (!/^\d{1,12}$/.test(timestamp)) throw missing('webhook-timestamp')
  if (signature === '') throw missing('webhook-signature')
  return { id, timestamp, signature }
}

function missing(name: string): WebhookVerificationError {
  return new WebhookVerificationError(`The header ${name} is absent or not well formed.`, 'invalid_headers')
}

function readTolerance(given: Duration): number {
  const tolerance = readDuration(given)
  if (tolerance !== undefined) return tolerance
  throw new TypeError(`tolerance must be a duration, such as '5m' or 300_000 milliseconds, not ${given}`)
}

function readTime(timestamp: string, tolerance: number): Date {
  const sentAt = new Date(Number(timestamp) * 1000)
  const distance = Date.now() - sentAt.getTime()
  if (Math.abs(distance) <= tolerance) return sentAt
  const seconds = Math.round(Math.abs(distance) / 1000)
  throw new WebhookVerificationError(
    `The webhook was sent ${seconds} s ${distance > 0 ? 'ago' : 'in the future'}; ${tolerance / 1000} s are allowed.`,
    'outside_tolerance',
  )
}

/** The sender is known by now: what it says of the job is believed. */
function readJob<Predictor>(body: Uint8Array): Job<Predictor> {
  const value = parse(body)
  // The server writes jobs, and the predictor's type says what their output is.
  if (typeof value === 'object' && value !== null && 'id' in value && 'status' in value) return value as Job<Predictor>
  throw new WebhookVerificationError('The webhook is signed, and its body is no job.', 'invalid_body')
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
