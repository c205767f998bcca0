import {
  type Attributes,
  type Context,
  context,
  propagation,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { describeThrown } from '../errors/describe-thrown.ts'
import { asHTTPException, reasonOf } from '../http/failure.ts'
import type { LogFields } from '../log/logger.ts'
import type { RequestTrace, Step, StepName, TraceCarrier } from './tracing.ts'

/** The fields of a recorded span in a log line. */
export function describeIds(span: Span | undefined): LogFields {
  if (span?.isRecording() !== true) return {}
  const { traceId, spanId } = span.spanContext()
  return { traceId, spanId }
}

/** Where a span belongs, and what it says. */
export interface SpanPlace {
  readonly parent: Context
  readonly attributes?: Attributes | undefined
}

/** A span inside of a request. */
export class OwnSpan implements Step {
  readonly #span: Span
  readonly #context: Context
  #ended = false

  constructor(tracer: Tracer, name: StepName, { parent, attributes = {} }: SpanPlace) {
    this.#span = tracer.startSpan(name, { attributes }, parent)
    this.#context = trace.setSpan(parent, this.#span)
  }

  within<Result>(work: () => Result): Result {
    return context.with(this.#context, work)
  }

  carry(): TraceCarrier {
    const carrier: Record<string, string> = {}
    propagation.inject(this.#context, carrier)
    return carrier
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#span.end()
  }

  fail(thrown: unknown): void {
    if (this.#ended) return
    const reason = reasonOf(thrown)
    this.#span.setAttribute('error.type', reason)
    this.#span.setStatus({ code: SpanStatusCode.ERROR })
    // A refusal, by Incant or by predict, is described by its code alone. Messages and stacks may contain anything.
    if (reason === 'internal' && asHTTPException(thrown) === undefined)
      this.#span.addEvent('exception', { 'exception.type': describeThrown(thrown).name })
    this.end()
  }
}

/** The span of a request. */
export class RequestSpan implements RequestTrace {
  readonly ids: LogFields
  readonly #tracer: Tracer
  readonly #span: Span
  readonly #context: Context

  constructor(tracer: Tracer, span: Span, around: Context) {
    this.#tracer = tracer
    this.#span = span
    this.#context = around
    this.ids = describeIds(span)
  }

  step(name: StepName, attributes?: Attributes): Step {
    return new OwnSpan(this.#tracer, name, { parent: this.#context, attributes })
  }

  within<Result>(work: () => Result): Result {
    return context.with(this.#context, work)
  }

  end(status: number, reason: string | undefined): void {
    this.#span.setAttribute('http.response.status_code', status)
    if (reason !== undefined) this.#span.setAttribute('error.type', reason)
    // What a caller does wrong is no fault of the server's.
    if (status >= 500 || (status < 400 && reason !== undefined)) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
  }
}
