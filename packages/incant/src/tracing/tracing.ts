import type { HeaderReader } from '../http/request-source.ts'
import type { LogFields, Logger } from '../log/logger.ts'

/** Creates spans of requests. An application without tracing pays nothing for it. */
export interface Tracing {
  /** Begins the span of a request, as a part of what its headers, or the program around us, say it belongs to. */
  begin(request: TracedRequest): RequestTrace
  /** Goes on with what another process has begun. */
  resume(carrier: TraceCarrier): CallTrace
  /** A logger that adds `traceId` and `spanId` to every line that is written within a span. */
  identify(logger: Logger): Logger
}

/** What a trace says of a request: never a query, a body, or a header. */
export interface TracedRequest {
  readonly id: string
  readonly method: string
  /** The pattern of the route; `*` where none matched. */
  readonly route: string
  readonly path: string
  readonly scheme: string | undefined
  readonly address: string | undefined
  readonly headers: HeaderReader
}

/** Says what goes on elsewhere which trace it belongs to: W3C `traceparent` and `tracestate`, by name. */
export type TraceCarrier = { readonly [name: string]: string }

/** The steps that a call takes. */
export type StepName = 'authenticate' | 'queue' | 'replica' | 'predict' | 'model'

/** Of one call. */
export interface CallTrace {
  /** Begins a step. */
  step(name: StepName, attributes?: { readonly [name: string]: string | number }): Step
}

/** One span. Only its first end counts. */
export interface Step {
  /** Does work that belongs to it, also where it goes on later. */
  within<Result>(work: () => Result): Result
  carry(): TraceCarrier
  end(): void
  /** Ends it with what was thrown, of which the kind is kept and never the message. */
  fail(thrown: unknown): void
}

/** Of one request, from its first byte to its last. */
export interface RequestTrace extends CallTrace {
  /** What a line of the log says of it: `traceId` and `spanId`, where it is recorded. */
  readonly ids: LogFields
  within<Result>(work: () => Result): Result
  /** @param reason - The code of what went wrong, if something did. */
  end(status: number, reason: string | undefined): void
}

/** Does some work as one step of a call. */
export function traceStep<Result>(trace: CallTrace, name: StepName, work: () => Result): Result {
  const step = trace.step(name)
  try {
    const result = step.within(work)
    if (!(result instanceof Promise)) step.end()
    else
      result.then(
        () => step.end(),
        thrown => step.fail(thrown),
      )
    return result
  } catch (thrown) {
    step.fail(thrown)
    throw thrown
  }
}
