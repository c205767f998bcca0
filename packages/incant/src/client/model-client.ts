import { ConnectionError, UnavailableError } from './failures/errors.ts'
import { JobCalls } from './jobs/job-calls.ts'
import type { JobReference } from './jobs/job-id.ts'
import { type ClientAuth, NO_CREDENTIALS, readAuth } from './request/auth.ts'
import { readBody } from './request/body.ts'
import { CallClock } from './request/call-clock.ts'
import { mergeHeaders } from './request/headers.ts'
import {
  type CallOptions,
  type Fetch,
  type ModelClientOptions,
  type RetryPlan,
  readRetry,
  readTimeout,
  type SubmitOptions,
} from './request/options.ts'
import { type Outgoing, send } from './request/request.ts'
import { readAnswer } from './stream/answer.ts'
import type { Health, Prediction, PredictParameters, SubmitParameters } from './types/call.ts'
import type { EndedJob, Job, JobEvent } from './types/job.ts'

/**
 * A client of a model server. Its type parameter is the predictor, imported as a type alone: `predict` then has the
 * types of the predictor's own, in the form that they have in JSON.
 *
 * @typeParam Predictor - `typeof Predictor`, or any type with a method `predict`. Without it, any payload is accepted
 * and the result is `unknown`.
 * @example
 * ```ts
 * import type Predictor from './predictor.ts'
 *
 * const model = new ModelClient<typeof Predictor>('http://127.0.0.1:8000', { auth: { bearer: token } })
 * const { label } = await model.predict({ text: 'Guten Tag' })
 * ```
 */
export class ModelClient<Predictor = unknown> {
  /** Where the server is, without a slash at the end. */
  readonly url: string
  readonly #auth: readonly ClientAuth[]
  readonly #headers: Headers
  readonly #timeout: number
  readonly #retry: RetryPlan
  readonly #fetch: Fetch
  readonly #jobs: JobCalls

  /**
   * @param url - The address of the server, with the path that a proxy puts before its routes, if any.
   * @throws {TypeError} For an invalid URL, or one with credentials, a query or a fragment; for invalid options.
   */
  constructor(url: string | URL, options: ModelClientOptions = {}) {
    this.url = readURL(url)
    this.#auth = readAuth(options.auth)
    this.#headers = mergeHeaders(options.headers)
    this.#timeout = readTimeout(options.timeout)
    this.#retry = readRetry(options.retry)
    this.#fetch = options.fetch ?? ((target, init) => fetch(target, init))
    this.#jobs = new JobCalls({
      url: this.url,
      auth: this.#auth,
      headers: this.#headers,
      timeout: this.#timeout,
      retry: this.#retry,
      fetch: this.#fetch,
    })
  }

  /**
   * Calls predict. A payload is sent as JSON; a string, bytes, a blob, a form or a stream as it is.
   *
   * @returns The result of predict; for an async iterable, a stream of its items.
   * @throws {ModelClientError} The subclass says whose fault it was, `code` exactly what happened.
   * @throws The signal's reason, where the signal ended the call.
   * @throws {TypeError} For a payload that JSON cannot carry.
   */
  async predict(...parameters: PredictParameters<Predictor>): Promise<Prediction<Predictor>> {
    const { payload, options, clock } = this.#begin(parameters)
    const response = await this.#post(payload, clock, options)
    // What comes back is what the predictor's type says; a predictor that is not the one named is beyond a client's sight.
    return (await readAnswer(response, clock)) as Prediction<Predictor>
  }

  /**
   * As {@link ModelClient.predict}, and gives the answer with its status and headers, its body not yet read: for predictors
   * that return a `Response`, and for bytes that should not be in memory all at once. The timeout ends with the headers.
   */
  async request(...parameters: PredictParameters<Predictor>): Promise<Response> {
    const { payload, options, clock } = this.#begin(parameters)
    const response = await this.#post(payload, clock, options)
    clock.pause()
    return response
  }

  /**
   * Submits a payload as a job of a server with `--protocol jobs`: the answer comes at once, and predict runs whether this
   * client stays or not. It is sent again where it may not have arrived; the id keeps it from running twice.
   *
   * @returns The job as it is now.
   * @throws As {@link ModelClient.predict}: a payload that does not match is refused here, and not later.
   */
  async submit(...parameters: SubmitParameters<Predictor>): Promise<Job<Predictor>> {
    // As in #begin.
    const [payload, options = {}] = parameters as readonly [payload?: unknown, options?: SubmitOptions]
    // As in predict.
    return (await this.#jobs.submit(payload, options)) as Job<Predictor>
  }

  /**
   * Waits until a job is over. That it has failed, or was canceled, is a result and no error. A server that restarts
   * meanwhile is asked again, for as long as the client's `timeout` says.
   *
   * @param options - `timeout` is what the whole wait may take: without limit unless given.
   */
  async wait(job: JobReference, options: CallOptions = {}): Promise<EndedJob<Predictor>> {
    // As in predict.
    return (await this.#jobs.wait(job, options)) as EndedJob<Predictor>
  }

  /**
   * The events of a job from its beginning, the last one with the job as it ended. A connection that breaks is made
   * again, and goes on where it was. Leaving the loop leaves the job running.
   *
   * @param options - `timeout` is what each wait for bytes may take before the connection is made again.
   * @example
   * ```ts
   * for await (const { event, data } of model.events(job)) if (event === 'output') show(data)
   * ```
   */
  events(
    job: JobReference,
    options: CallOptions = {},
  ): AsyncIterableIterator<JobEvent<Predictor>, undefined, undefined> {
    // As in predict.
    return this.#jobs.events(job, options) as AsyncIterableIterator<JobEvent<Predictor>, undefined, undefined>
  }

  /**
   * Cancels a job: at once where it waits; where it runs, its signal fires. One that is over stays as it is.
   *
   * @returns The job as it is now; where it still runs, {@link ModelClient.wait} says how it ends.
   */
  async cancel(job: JobReference, options: CallOptions = {}): Promise<Job<Predictor>> {
    // As in predict.
    return (await this.#jobs.cancel(job, options)) as Job<Predictor>
  }

  /**
   * What `GET /health` answers. It is asked once, without credentials.
   *
   * @throws {UnavailableError} Where the predictor is not well, or not set up.
   */
  async health(options: CallOptions = {}): Promise<Health<Predictor>> {
    const clock = this.#startClock(options)
    const response = await this.#run(this.#probe('/health', options), clock)
    // As in predict.
    return (await readAnswer(response, clock)) as Health<Predictor>
  }

  /**
   * Whether a call that came now could be taken: `GET /ready`, asked once, without credentials. A server that cannot be
   * reached is not ready.
   */
  async ready(options: CallOptions = {}): Promise<boolean> {
    const clock = this.#startClock(options)
    try {
      await readAnswer(await this.#run(this.#probe('/ready', options), clock), clock)
      return true
    } catch (thrown) {
      if (thrown instanceof UnavailableError || thrown instanceof ConnectionError) return false
      throw thrown
    }
  }

  /** @param parameters - A payload and options; the payload may be of any type. */
  #begin(parameters: unknown): { payload: unknown; options: CallOptions | undefined; clock: CallClock } {
    // Each form that PredictParameters takes is one of these; the compiler does not see it before it knows the predictor.
    const [payload, options] = parameters as readonly [payload?: unknown, options?: CallOptions]
    return { payload, options, clock: this.#startClock(options) }
  }

  #startClock({ timeout, signal }: CallOptions = {}): CallClock {
    const clock = new CallClock(readTimeout(timeout, this.#timeout), signal)
    clock.start()
    return clock
  }

  #post(payload: unknown, clock: CallClock, options: CallOptions = {}): Promise<Response> {
    const outgoing = (): Outgoing => ({
      url: `${this.url}/predict`,
      method: 'POST',
      body: readBody(payload),
      headers: [this.#headers, options.headers],
      auth: this.#auth,
      retry: readRetry(options.retry, this.#retry),
      fetch: this.#fetch,
    })
    return this.#run(outgoing, clock)
  }

  #probe(path: string, { headers }: CallOptions): () => Outgoing {
    return () => ({
      url: this.url + path,
      method: 'GET',
      body: { kind: 'none' },
      headers: [this.#headers, headers],
      auth: NO_CREDENTIALS,
      retry: readRetry(false),
      fetch: this.#fetch,
    })
  }

  /** A call that gets no answer leaves nothing behind. */
  async #run(outgoing: () => Outgoing, clock: CallClock): Promise<Response> {
    try {
      return await send(outgoing(), clock)
    } catch (thrown) {
      clock.stop()
      throw thrown
    }
  }
}

/** Credentials in a URL end up in logs; fetch refuses them with a message that repeats them. */
function readURL(given: string | URL): string {
  const url = parseURL(String(given))
  if (url === undefined) throw new TypeError('The URL of a ModelClient must be an absolute http or https URL.')
  if (url.username !== '' || url.password !== '')
    throw new TypeError(
      'The URL of a ModelClient contains credentials. Pass them as auth: { basic: { name, password } }.',
    )
  if (url.search !== '' || url.hash !== '')
    throw new TypeError(
      'The URL of a ModelClient contains a query or a fragment. Pass what the server needs as headers.',
    )
  return url.href.replace(/\/+$/, '')
}

function parseURL(text: string): URL | undefined {
  try {
    const url = new URL(text)
    return ['http:', 'https:'].includes(url.protocol) ? url : undefined
  } catch {
    return undefined
  }
}
