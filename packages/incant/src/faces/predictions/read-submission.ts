import type { ValidationIssue } from '../../errors/issue.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { HeaderReader } from '../../http/request-source.ts'
import type { JobWebhook, WebhookEvent } from '../../jobs/job.ts'
import type { FaceExchange } from '../exchange.ts'
import type { JobsOfModel } from '../jobs-of-model.ts'

/** What a caller submits, but for the model. */
export interface Submission {
  readonly input: unknown
  /** Undefined: the key of the job. */
  readonly id: string | undefined
  readonly webhook: JobWebhook | undefined
  readonly metadata: unknown
}

const ID = /^[\w-]{1,64}$/
const FORM = 'must be 1 to 64 letters, digits, - and _'

const EVENTS: readonly WebhookEvent[] = ['start', 'output', 'logs', 'completed']

/**
 * Reads the document of a job. Members that it does not know, such as Cog's `context`, are left aside.
 *
 * @throws {RequestError} `invalid_payload`, with the places.
 */
export function readSubmission({ body, headers, params }: FaceExchange, jobs: JobsOfModel): Submission {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse('#', 'must be an object')
  const members = new Map<string, unknown>(Object.entries(body))
  const id = params['id'] ?? members.get('id') ?? readIdempotencyKey(headers)
  const other = members.get('id') ?? id
  if (params['id'] !== undefined && other !== id) throw refuse('#/id', 'must be the id of the path, or absent')
  if (id !== undefined && (typeof id !== 'string' || !ID.test(id))) throw refuse('#/id', FORM)
  return { input: members.get('input'), id, webhook: readWebhook(members, jobs), metadata: members.get('metadata') }
}

/**
 * The header `Idempotency-Key`, with or without the quotes of a string (RFC 9651).
 *
 * @throws {RequestError} `bad_request`.
 */
export function readIdempotencyKey(headers: HeaderReader): string | undefined {
  const key = headers.get('idempotency-key')?.replace(/^"(.*)"$/, '$1')
  if (key !== undefined && !ID.test(key)) throw new RequestError('bad_request', { detail: `Idempotency-Key ${FORM}.` })
  return key
}

function readWebhook(members: ReadonlyMap<string, unknown>, jobs: JobsOfModel): JobWebhook | undefined {
  const url = members.get('webhook') ?? undefined
  if (url === undefined) return undefined
  const fault = typeof url === 'string' ? jobs.findWebhookFault(url) : 'must be a string'
  if (typeof url !== 'string' || fault !== undefined) throw refuse('#/webhook', fault ?? '')
  return { url, events: readEvents(members.get('webhook_events_filter') ?? EVENTS) }
}

function readEvents(given: unknown): readonly WebhookEvent[] {
  const events = EVENTS.filter(event => Array.isArray(given) && given.includes(event))
  if (Array.isArray(given) && events.length === new Set(given).size) return events
  throw refuse('#/webhook_events_filter', `must be a list of ${EVENTS.join(', ')}`)
}

function refuse(pointer: string, detail: string): RequestError {
  const issues: readonly ValidationIssue[] = [{ pointer, detail }]
  return new RequestError('invalid_payload', { issues })
}

/** The same error, of a payload that is the member `input`. */
export function placeInInput(thrown: unknown): unknown {
  if (!RequestError.is(thrown) || thrown.issues === undefined) return thrown
  const issues = thrown.issues.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^#/, '#/input'), detail }))
  return new RequestError('invalid_payload', { issues })
}
