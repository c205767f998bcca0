import { describeConnectionFailure } from '../failures/connection-error.ts'
import { toModelClientError } from '../failures/failure.ts'
import { type ClientAuth, collectCredentials } from './auth.ts'
import { isRepeatable, type RequestBody, writeBody } from './body.ts'
import type { CallClock } from './call-clock.ts'
import { mergeHeaders, type RequestHeaders, setHeader } from './headers.ts'
import type { Fetch, RetryPlan } from './options.ts'
import { planRetry } from './retry.ts'

/** One request to a server, to be sent once or more. */
export interface Outgoing {
  readonly url: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly body: RequestBody
  readonly headers: readonly (RequestHeaders | undefined)[]
  readonly auth: readonly ClientAuth[]
  readonly retry: RetryPlan
  readonly fetch: Fetch
}

/**
 * Sends a request until it is answered well, cannot be sent again, or the time is up.
 *
 * @throws {ModelClientError} What the last attempt failed with.
 */
export async function send(outgoing: Outgoing, clock: CallClock): Promise<Response> {
  const { body, retry } = outgoing
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(outgoing, clock)
    } catch (thrown) {
      const delay = isRepeatable(body) ? planRetry(thrown, attempt, retry) : undefined
      if (delay === undefined || delay >= clock.remaining) throw thrown
      await clock.sleep(delay)
    }
  }
}

async function sendOnce(outgoing: Outgoing, clock: CallClock): Promise<Response> {
  const init = await clock.wait(writeRequest(outgoing))
  const response = await clock.wait(connect(outgoing, { ...init, signal: clock.signal }))
  if (response.ok) return response
  throw await clock.wait(toModelClientError(response, outgoing.url))
}

async function connect({ fetch, url }: Outgoing, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (thrown) {
    throw describeConnectionFailure(thrown, url)
  }
}

async function writeRequest({ method, body, headers, auth }: Outgoing): Promise<RequestInit> {
  const credentials = await collectCredentials(auth)
  const { init, contentType } = writeBody(body, credentials.members)
  const lines = mergeHeaders(...headers, credentials.headers)
  if (contentType !== undefined && !lines.has('content-type')) setHeader(lines, 'Content-Type', contentType)
  // Credentials must not follow where a redirect leads.
  return { ...init, method, headers: lines, redirect: 'manual' }
}
