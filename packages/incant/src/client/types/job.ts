import type { Prediction, PredictionStream } from './call.ts'

/** The state of a job. It never leaves one of the last three. */
export type JobStatus = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled'

/** A job as the server describes it, in the form of Replicate's API. */
export type Job<Predictor = unknown> = PendingJob<Predictor> | EndedJob<Predictor>

/** A job that waits (`starting`) or runs (`processing`). */
export interface PendingJob<Predictor = unknown> extends JobFields {
  readonly status: 'starting' | 'processing'
  /** The items so far where predict streams; else null. */
  readonly output: JobOutput<Predictor> | null
  readonly error: null
  readonly completed_at: null
}

/** A job that is over. */
export type EndedJob<Predictor = unknown> = SucceededJob<Predictor> | UnsuccessfulJob<Predictor>

/** A job whose predict has returned. */
export interface SucceededJob<Predictor = unknown> extends JobFields {
  readonly status: 'succeeded'
  readonly output: JobOutput<Predictor>
  readonly error: null
  readonly completed_at: string
}

/** A job whose predict has failed, or that was canceled. */
export interface UnsuccessfulJob<Predictor = unknown> extends JobFields {
  readonly status: 'failed' | 'canceled'
  /** The items until then where predict streams; else null. */
  readonly output: JobOutput<Predictor> | null
  /** Why it failed. Null where it was canceled. */
  readonly error: string | null
  readonly completed_at: string
}

/** What every job has. Times are ISO strings. */
export interface JobFields {
  readonly id: string
  readonly model: string
  readonly version: string | null
  /** What was submitted. Absent where the server does not keep it. */
  readonly input?: unknown
  /** What predict has logged and printed. */
  readonly logs: string
  /** Seconds that predict ran (`predict_time`) and waited (`queue_time`), and what predict reported. */
  readonly metrics: Readonly<Record<string, unknown>>
  /** From 0 to 1, as the last item says it that has a member `progress`. */
  readonly progress?: number
  readonly created_at: string
  readonly started_at: string | null
  readonly urls: JobURLs
  /** As it was submitted. */
  readonly metadata?: unknown
}

/** Where a job can be reached. */
export interface JobURLs {
  readonly get: string
  readonly cancel: string
  readonly stream: string
}

/**
 * The output of a job: the result of predict in the form that it has in JSON. Of a stream all items, in an array; of
 * bytes a URL.
 */
export type JobOutput<Predictor> =
  Prediction<Predictor> extends infer Result
    ? unknown extends Result
      ? unknown
      : Result extends PredictionStream<infer Item>
        ? readonly Item[]
        : Result extends Uint8Array
          ? string
          : Result
    : never

/** What happens to a job, as `ModelClient.events` gives it. */
export type JobEvent<Predictor = unknown> =
  /** It has begun. */
  | { readonly event: 'start'; readonly data: unknown }
  /** One item of a stream, else the whole output. */
  | { readonly event: 'output'; readonly data: JobItem<Predictor> }
  /** Lines of the log. */
  | { readonly event: 'log'; readonly data: string }
  /** A figure that predict sends has another value. */
  | { readonly event: 'metric'; readonly data: { readonly name: string; readonly value: number } }
  /** It is over: the last event. */
  | { readonly event: 'completed'; readonly data: EndedJob<Predictor> }

/** One item of a streamed output, else the whole output. */
export type JobItem<Predictor> =
  Prediction<Predictor> extends infer Result
    ? unknown extends Result
      ? unknown
      : Result extends PredictionStream<infer Item>
        ? Item
        : JobOutput<Predictor>
    : never
