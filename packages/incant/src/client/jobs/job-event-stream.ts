import { ConnectionError, InvalidResponseError, TimeoutError } from '../failures/errors.ts'
import { CallClock } from '../request/call-clock.ts'
import type { JobEvent } from '../types/job.ts'

/** Options of {@link JobEventStream}. */
export interface JobEventStreamOptions {
  readonly signal: AbortSignal | undefined
  /** Asks for the events after one; its answer is a stream of them. */
  open(lastId: string | undefined, signal: AbortSignal): Promise<unknown>
}

/** Milliseconds before a connection that broke is made again. */
const PAUSE = 500

/**
 * The events of a job, from its beginning to its end. A connection that breaks, or is silent for too long, is made again,
 * and goes on behind the last event: none is missing, and none comes twice.
 */
export class JobEventStream implements AsyncIterableIterator<JobEvent, undefined, undefined> {
  readonly #clock: CallClock
  readonly #events: AsyncGenerator<JobEvent, undefined>
  #lastId: string | undefined
  #hasLeft = false

  constructor({ open, signal }: JobEventStreamOptions) {
    this.#clock = new CallClock(Number.POSITIVE_INFINITY, signal)
    this.#events = this.#read(open)
  }

  /** The next event. */
  next(): Promise<IteratorResult<JobEvent, undefined>> {
    return this.#events.next()
  }

  /** Ends the requests; the job goes on. */
  return(): Promise<IteratorResult<JobEvent, undefined>> {
    this.#hasLeft = true
    this.#clock.stop()
    return this.#events.return(undefined)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async *#read(open: JobEventStreamOptions['open']): AsyncGenerator<JobEvent, undefined> {
    try {
      while (!(yield* this.#forward(await open(this.#lastId, this.#clock.signal)))) await this.#clock.sleep(PAUSE)
    } catch (thrown) {
      // A caller that has left gets no later error.
      if (!this.#hasLeft) throw thrown
    } finally {
      this.#clock.stop()
    }
    return undefined
  }

  /** Returns whether the job is over; if not, the connection broke. */
  async *#forward(answer: unknown): AsyncGenerator<JobEvent, boolean> {
    try {
      for await (const event of checkStream(answer)) {
        const { id, ...rest } = readEvent(event)
        this.#lastId = id
        yield rest
        if (rest.event === 'completed') return true
      }
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError || thrown instanceof TimeoutError)) throw thrown
    }
    return false
  }
}

function checkStream(answer: unknown): AsyncIterable<unknown> {
  // What is no stream is the answer of another server.
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer)
    return answer as AsyncIterable<unknown>
  throw notEvents()
}

function readEvent(value: unknown): JobEvent & { readonly id: string } {
  const { id, event } = Object(value)
  // The server writes these; their data is of the type that the event says.
  if (typeof id === 'string' && typeof event === 'string') return value as JobEvent & { readonly id: string }
  throw notEvents()
}

function notEvents(): InvalidResponseError {
  return new InvalidResponseError('The answer is no stream of the events of a job.', { code: 'invalid_response' })
}
