import type { Applicant } from '../auth/admission/admission.ts'
import { runBackgroundTask } from '../engine/background-task.ts'
import { Cancellation } from '../engine/cancellation.ts'
import { RequestError } from '../errors/request-error.ts'
import { type Answer, isStreaming } from '../http/answer.ts'
import { asRequestError, type BrokenEnd, describeBreak, firstIssue, reasonOf } from '../http/failure.ts'
import type { HeaderReader, RequestSource } from '../http/request-source.ts'
import type { ClientCertificate, ResponseEnd } from '../http/transport.ts'
import type { LogFields, Logger } from '../log/logger.ts'
import { RequestFields } from '../log/request-fields.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { Principal } from '../predictor/context.ts'
import type { RequestTrace, Tracing } from '../tracing/tracing.ts'
import type { AccessLog } from './access-log/access-log.ts'
import { isProbe } from './access-log/probe-levels.ts'
import type { Lifecycle } from './lifecycle.ts'

const INBOUND_ID = /^[A-Za-z0-9._-]{1,128}$/

/** The id of a request: the caller's own where it has the form of one, else a new one. */
export function requestIdOf(headers: HeaderReader): string {
  const inbound = headers.get('x-request-id')
  return inbound !== null && INBOUND_ID.test(inbound) ? inbound : crypto.randomUUID()
}

/** The parts that all exchanges of one application share. */
export interface ExchangeHost {
  readonly lifecycle: Pick<Lifecycle, 'begin' | 'end'>
  readonly logger: Logger
  readonly accessLog: AccessLog
  /** Undefined: nothing is traced. */
  readonly tracing: Tracing | undefined
  readonly recorder: Recorder | undefined
}

/** Where an exchange takes place. */
export interface ExchangePlace {
  /** The pattern of the route; `*` where none matched. */
  readonly route: string
  /** Undefined: that of `/predict`, or none. */
  readonly protocol?: string
}

/** A model among several. */
export interface AskedModel {
  readonly id: string
  readonly recorder: Recorder | undefined
}

/** One request and what becomes of it: from the first byte we see to the last one the caller has. */
export class Exchange implements Applicant {
  readonly id: string
  readonly source: RequestSource
  readonly place: ExchangePlace
  /** The model that is asked for on a path that several share: it is named in the log, and the request counts as its own. */
  model: AskedModel | undefined
  /** The body, where something reads it that is not predict. */
  body: unknown
  /** The caller, once known; also where the call is refused for another reason. */
  principal: Principal | undefined
  /** Undefined: tracing is off. */
  readonly trace: RequestTrace | undefined
  readonly #host: ExchangeHost
  readonly #startedAt = performance.now()
  readonly #cancellation = new Cancellation()
  #timer: ReturnType<typeof setTimeout> | undefined
  #deferred: (() => unknown)[] | undefined
  #deferring = false
  #deadline: number | undefined
  #deadlineLifted = false
  #over = false
  #status = 0
  #reason: string | undefined
  #issue: string | undefined
  /** How the answer broke after it had begun. */
  #broken: BrokenEnd | undefined

  constructor(source: RequestSource, place: ExchangePlace, host: ExchangeHost) {
    this.source = source
    this.place = place
    this.#host = host
    this.id = source.id ?? requestIdOf(source.headers)
    this.trace = host.tracing === undefined ? undefined : beginTrace(host.tracing, this)
    host.lifecycle.begin()
    host.recorder?.begin()
    source.transport.onEnd(end => this.#end(end))
  }

  /** The pattern of the route; `*` where none matched. */
  get route(): string {
    return this.place.route
  }

  get headers(): HeaderReader {
    return this.source.headers
  }

  /** The caller's address. Undefined where the runtime does not expose it. */
  get address(): string | undefined {
    return this.source.transport.address
  }

  get certificate(): ClientCertificate | undefined {
    return this.source.transport.certificate
  }

  identify(principal: Principal): void {
    this.principal = principal
  }

  /** Fires when the deadline has passed or the caller has left. */
  get cancellation(): Cancellation {
    return this.#cancellation
  }

  /**
   * Sets the time after which the call is answered with 504, unless its caller stops waiting before; only the first time
   * counts. Returns when that is, as `performance.now()` has it.
   */
  setDeadline(milliseconds: number): number {
    if (this.#deadline !== undefined) return this.#deadline
    const deadline = Math.min(performance.now() + milliseconds, this.source.deadline ?? Number.POSITIVE_INFINITY)
    this.#deadline = deadline
    const cancel = (): void => this.#cancellation.cancel(new RequestError('deadline_exceeded'))
    // A call without a listener for its end, such as a predict that returns at once, needs no timer.
    this.#cancellation.whenHeeded(() => {
      if (!this.#deadlineLifted) this.#timer = setTimeout(cancel, deadline - performance.now())
    })
    return deadline
  }

  /** Takes work that runs when the response is over; at once where it is, since some calls outlive their answer. */
  defer(task: () => unknown): void {
    this.#deferred ??= []
    this.#deferred.push(task)
    if (!this.#over || this.#deferring) return
    this.#host.lifecycle.begin()
    void this.#runDeferred(this.#deferred)
  }

  /** Notes the answer, and what was thrown where it is the answer to that. */
  answer(answer: Answer | Response, failure?: { readonly thrown: unknown }): Answer | Response {
    this.#status = answer.status
    if (failure !== undefined) {
      this.#reason = reasonOf(failure.thrown)
      this.#issue = firstIssue(failure.thrown)
    }
    if (!isStreaming(answer)) this.#liftDeadline()
    return answer
  }

  /** Notes that the answer broke after its head was sent, where its body tells so and ends as one that is whole. */
  noteBreak(thrown: unknown): void {
    const broken = describeBreak(thrown, this.id, this.#host.logger)
    if (broken.reason !== 'client_closed') this.#broken ??= broken
  }

  #liftDeadline(): void {
    this.#deadlineLifted = true
    clearTimeout(this.#timer)
  }

  #end(end: ResponseEnd): void {
    this.#liftDeadline()
    this.#over = true
    if (end.aborted) this.#cancellation.cancel(asRequestError(end.failure?.thrown) ?? new RequestError('client_closed'))
    if (end.failure !== undefined) this.#broken = describeBreak(end.failure.thrown, this.id, this.#host.logger)
    const ms = performance.now() - this.#startedAt
    this.#count(end, ms)
    this.#log(end, ms)
    if (this.#deferred === undefined) this.#host.lifecycle.end()
    else void this.#runDeferred(this.#deferred)
  }

  async #runDeferred(tasks: (() => unknown)[]): Promise<void> {
    this.#deferring = true
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift())
      await runBackgroundTask(task, this.id, this.#host.logger)
    this.#deferring = false
    this.#host.lifecycle.end()
  }

  #reasonOf(end: ResponseEnd): string | undefined {
    if (this.#broken !== undefined) return this.#broken.reason
    if (end.aborted) return 'client_closed'
    const { reason } = this.#cancellation
    // A stream that was cut off began with a status that does not show it.
    return this.#reason ?? (reason === undefined ? undefined : reasonOf(reason))
  }

  #statusOf({ aborted }: ResponseEnd): number {
    return this.#broken?.status ?? (aborted ? 499 : this.#status)
  }

  #count(end: ResponseEnd, ms: number): void {
    const { recorder } = this.#host
    if (recorder === undefined) return
    recorder.end()
    const counting = this.model?.recorder ?? recorder
    if (this.#reason !== undefined) counting.countRefusal(this.#reason)
    if (this.#broken !== undefined) counting.countBreak(this.#broken.reason)
    counting.countBytes(end)
    counting.count(this.place, { method: this.source.method, status: this.#statusOf(end), seconds: ms / 1000 })
  }

  #log(end: ResponseEnd, ms: number): void {
    const status = this.#statusOf(end)
    const level = this.#host.accessLog.levelOf(this.route, status)
    const reason = this.#reasonOf(end)
    this.trace?.end(status, reason)
    const count = this.#host.accessLog.weigh(level, status < 400 && reason === undefined, this.#startedAt + ms)
    if (count === 0) return
    const fields = new RequestFields({
      requestId: this.id,
      method: this.source.method,
      route: this.place.route,
      protocol: this.place.protocol,
      status,
      ms: Math.round(ms * 1000) / 1000,
      bytes: end.bytes,
      client: this.source.transport.address,
      principal: this.principal?.id,
      reason,
      issue: this.#issue,
      count: count === 1 ? undefined : count,
    })
    this.#host.accessLog.log(level, this.#withOthers(fields))
  }

  /** Most lines have no other fields. */
  #withOthers(fields: RequestFields): LogFields {
    const { model, trace } = this
    if (trace === undefined && model === undefined) return fields
    return { ...fields, ...(model !== undefined && { model: model.id }), ...trace?.ids }
  }
}

/** None of a probe: there would be more of these than of anything else. */
function beginTrace(tracing: Tracing, { id, source, route, address }: Exchange): RequestTrace | undefined {
  if (isProbe(route) || route === '/metrics') return undefined
  const { method, headers, target, transport } = source
  const path = source.path ?? target?.split('?', 1)[0] ?? route
  return tracing.begin({ id, method, route, path, headers, address, scheme: transport.scheme })
}
