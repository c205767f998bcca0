import { InvalidResponseError } from '../failures/errors.ts'
import type { ClientAuth } from '../request/auth.ts'
import { readBody } from '../request/body.ts'
import { CallClock } from '../request/call-clock.ts'
import type { RequestHeaders } from '../request/headers.ts'
import {
  type CallOptions,
  type Fetch,
  type RetryPlan,
  readRetry,
  readTimeout,
  type SubmitOptions,
} from '../request/options.ts'
import { type Outgoing, send } from '../request/request.ts'
import { readAnswer } from '../stream/answer.ts'
import type { EndedJob, Job } from '../types/job.ts'
import { JobEventStream } from './job-event-stream.ts'
import { type JobReference, makeJobId, pathOf } from './job-id.ts'
import { findJobServer, writeSubmission } from './submission.ts'

/** What the calls of a client have in common. */
export interface Connection {
  /** Without a slash at the end. */
  readonly url: string
  readonly auth: readonly ClientAuth[]
  readonly headers: Headers
  /** Milliseconds. */
  readonly timeout: number
  readonly retry: RetryPlan
  readonly fetch: Fetch
}

/** Seconds for which the server keeps a question for the end of a job. Proxies end requests after a minute or so. */
const POLL = 25

/** Milliseconds between two questions, where a server answers at once that the job is not over. */
const SHORTEST_POLL = 500

/** The calls about jobs. Each may be made twice without harm, so each is made again where it may have failed to arrive. */
export class JobCalls {
  readonly #connection: Connection
  readonly #model: string | undefined

  constructor(connection: Connection) {
    const { url, model } = findJobServer(connection.url)
    this.#connection = { ...connection, url }
    this.#model = model
  }

  /** As `ModelClient.submit`. The id is the client's own, so that a second attempt finds the job of the first. */
  async submit(payload: unknown, options: SubmitOptions): Promise<Job> {
    const request = {
      method: 'PUT',
      path: pathOf(options.id ?? makeJobId()),
      body: readBody(writeSubmission(payload, { ...options, model: this.#model })),
      headers: { Prefer: 'respond-async' },
    } as const
    return toJob(await this.#ask(request, options))
  }

  /** As `ModelClient.wait`. */
  async wait(job: JobReference, options: CallOptions): Promise<EndedJob> {
    const path = `${pathOf(job)}?wait=${POLL}`
    const whole = new CallClock(readTimeout(options.timeout, Number.POSITIVE_INFINITY), options.signal)
    whole.start()
    try {
      for (;;) {
        const asked = performance.now()
        const found = await whole.wait(this.#poll(path, options, whole.signal))
        if (isOver(found)) return found
        await whole.sleep(Math.max(0, SHORTEST_POLL - (performance.now() - asked)))
      }
    } finally {
      whole.release()
    }
  }

  /** As `ModelClient.cancel`. */
  async cancel(job: JobReference, options: CallOptions): Promise<Job> {
    const request = { method: 'POST', path: `${pathOf(job)}/cancel`, body: { kind: 'none' } } as const
    return toJob(await this.#ask(request, options))
  }

  /** As `ModelClient.events`. */
  events(job: JobReference, options: CallOptions): JobEventStream {
    const path = `${pathOf(job)}/events`
    return new JobEventStream({
      signal: options.signal,
      open: async (lastId, signal) => {
        const last: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
        const headers = { Accept: 'application/x-ndjson', ...last }
        const patient = { ...options, signal, retry: this.#untilTimeout(options) }
        return this.#ask({ method: 'GET', path, body: { kind: 'none' }, headers }, patient)
      },
    })
  }

  /** One question for the end of a job. A server that restarts is asked again for as long as one call may take. */
  async #poll(path: string, options: CallOptions, signal: AbortSignal): Promise<Job> {
    const timeout = POLL * 1000 + this.#connection.timeout
    const patient = { ...options, signal, timeout, retry: this.#untilTimeout(options) }
    return toJob(await this.#ask({ method: 'GET', path, body: { kind: 'none' } }, patient))
  }

  #untilTimeout({ retry }: CallOptions): CallOptions['retry'] {
    return retry === false ? false : { ...retry, attempts: retry?.attempts ?? Number.MAX_SAFE_INTEGER }
  }

  async #ask(request: JobRequest, options: CallOptions): Promise<unknown> {
    const { timeout, ...connection } = this.#connection
    const clock = new CallClock(readTimeout(options.timeout, timeout), options.signal)
    clock.start()
    try {
      const response = await send(
        {
          ...connection,
          url: connection.url + request.path,
          method: request.method,
          body: request.body,
          headers: [connection.headers, options.headers, request.headers],
          retry: { ...readRetry(options.retry, connection.retry), unsafe: options.retry !== false },
        },
        clock,
      )
      return await readAnswer(response, clock)
    } catch (thrown) {
      clock.stop()
      throw thrown
    }
  }
}

/** What is asked about a job. */
interface JobRequest extends Pick<Outgoing, 'method' | 'body'> {
  readonly path: string
  readonly headers?: RequestHeaders
}

function toJob(answer: unknown): Job {
  // The server's word is taken for its form, as that of predict's answers is.
  if (typeof answer === 'object' && answer !== null && 'id' in answer && 'status' in answer) return answer as Job
  throw new InvalidResponseError('The answer is no job. Is this the address of a server with --protocol jobs?', {
    code: 'invalid_response',
  })
}

function isOver(job: Job): job is EndedJob {
  return job.status !== 'starting' && job.status !== 'processing'
}
