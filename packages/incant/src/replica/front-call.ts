import type { Link } from '../collections/linked-list.ts'
import type { PredictCall } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import { FrontOutput } from './front-output.ts'
import { FrontQuestions } from './front-questions.ts'
import { NotStartedError } from './not-started-error.ts'
import type { FromReplica, OutputMessage, StreamMessage, ToReplica, WireError, WireOutput } from './wire/protocol.ts'
import { BodySender, routeStreamMessage } from './wire/streamed-body.ts'
import type { EncodedCall } from './wire/wire-call.ts'
import { decodeError } from './wire/wire-error.ts'
import { decodeWhole, isStreamed } from './wire/wire-output.ts'

/** The events that the calls of one replica report to its keeper. */
export interface FrontCallHost {
  readonly send: (message: ToReplica) => void
  /** Whether predict has written down that it begins the call. */
  hasBegun(call: FrontCall): boolean
  /** Predict is done with the call, or will never have it. */
  onDone(call: FrontCall): void
  /** Nothing of the call is left, deferred work included. */
  onOver(call: FrontCall): void
  /** Predict has the call and was asked to stop: the replica must confirm that it got the message. */
  onStopping(call: FrontCall): void
  /** The call is not wanted any more, and predict may not have it yet. */
  takeBack(call: FrontCall): void
}

/** Options of {@link FrontCall}. */
export interface FrontCallOptions {
  readonly n: number
  readonly call: PredictCall
  readonly encoded: EncodedCall
  readonly host: FrontCallHost
  /** Called once when predict is done with the call, or will never have it. */
  readonly onDone: () => void
}

/**
 * Where a call is. It only moves forward; a state may be skipped.
 *
 * - `sent`: the replica has the call. Whether predict has been called is looked up where it matters.
 * - `running`: the replica has said that predict has been called.
 * - `done`: predict has answered, or will never be called. Deferred work may still run.
 * - `gone`: the replica is gone, and its calls with it.
 */
type CallState = 'sent' | 'running' | 'done' | 'gone'

/** How often a call is asked back, every 25 ms, before its replica counts as suspended: 600 ms. */
const UNANSWERED = 24

/** One call, on the side of the front. */
export class FrontCall {
  readonly n: number
  /** When the answer is due, as `performance.now()` of the front has it. */
  readonly deadline: number
  /** Its place among the calls that the pulse expects predict to begin; the pulse's own. */
  expected: Link<FrontCall> | undefined
  /** As `performance.now()` has it. */
  readonly sentAt: number = performance.now()
  readonly #call: PredictCall
  readonly #host: FrontCallHost
  readonly #onDone: () => void
  readonly #input: BodySender | undefined
  #answer: { resolve(output: PredictAnswer): void; reject(reason: unknown): void } | undefined
  #output: FrontOutput | undefined
  #tasksSettled: (() => void) | undefined
  #state: CallState = 'sent'
  #hasDeferred = false
  /** The calls of other models that predict makes. */
  #questions: FrontQuestions | undefined
  /** How often it was asked back. */
  #asked = 0

  constructor({ n, call, encoded, host, onDone }: FrontCallOptions) {
    this.n = n
    this.deadline = call.deadline
    this.#call = call
    this.#host = host
    this.#onDone = onDone
    const { stream } = encoded
    this.#input = stream === undefined ? undefined : new BodySender(stream, { n, send: host.send })
  }

  /** Whether predict has not been called yet. */
  get waiting(): boolean {
    return this.#state === 'sent' && !this.#host.hasBegun(this)
  }

  /** Whether predict has the call now. */
  get running(): boolean {
    return this.#state === 'running' || (this.#state === 'sent' && this.#host.hasBegun(this))
  }

  /**
   * The result of predict.
   *
   * @throws The error of predict; the reason of the cancellation as soon as it fires; {@link NotStartedError}.
   */
  answer(): Promise<PredictAnswer> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      this.#call.cancellation.onCancel(reason => this.#cancel(reason))
    })
  }

  /** Predict is being called: from here on the call is its replica's, and dies with it. */
  start(): void {
    if (this.#state !== 'sent') return
    this.#state = 'running'
    if (this.#call.cancellation.reason !== undefined) this.#host.onStopping(this)
  }

  /**
   * Asks for the call back; called each time the balancer looks. A replica that was suspended for so long begins no
   * call before it has read these messages: see `child/ticks.ts`. If it began this call before, its message has been
   * read by now, since the event loop has gone round in between.
   */
  takeBack(): void {
    this.#asked += 1
    if (this.#asked > UNANSWERED) this.withdraw()
    else this.#host.takeBack(this)
  }

  /** Predict will not be called: the replica has given the call back. */
  withdraw(): void {
    this.#answer?.reject(new NotStartedError('the call was taken back before predict was called'))
    this.#end()
  }

  receive(message: Extract<FromReplica, { readonly n: number }>): void {
    switch (message.type) {
      case 'output':
        this.#deliver(message)
        return
      case 'thrown':
        this.#fail(message.error)
        return
      case 'deferred':
        this.#hasDeferred = true
        this.#call.defer(() => this.#runDeferred())
        return
      case 'settled':
        this.#hasDeferred = false
        this.#tasksSettled?.()
        this.#settle()
        return
      case 'cancelled':
        return
      case 'report':
        if ('line' in message) this.#call.report?.log(message.line)
        else this.#call.report?.metric(message.metric, message.value)
        return
      case 'ask':
        this.#questions ??= new FrontQuestions(this.n, this.#call, message => this.#host.send(message))
        void this.#questions.answer(message)
        return
      default:
        this.#step(message)
    }
  }

  /** A step of a body that streams, either way, or of the answer of another model. */
  #step(message: StreamMessage): void {
    if (message.m === undefined) {
      this.#output?.note(message)
      routeStreamMessage(message, this.#input, this.#output?.receiver)
    } else this.#questions?.stream(message.m, message)
  }

  /** The replica is gone, and everything it had to say has been read. */
  die(reason: Error): void {
    const neverBegan = this.waiting
    this.#answer?.reject(neverBegan ? new NotStartedError('the replica was gone before predict was called') : reason)
    this.#output?.break(reason)
    this.#tasksSettled?.()
    this.#questions?.end()
    this.#hasDeferred = false
    // A call that predict never had keeps its unread body for the next replica.
    if (!neverBegan) this.#input?.stop()
    this.#end()
    this.#state = 'gone'
  }

  #cancel(reason: Error): void {
    if (this.#isOver()) return
    const code = reason instanceof RequestError ? reason.code : 'client_closed'
    this.#host.send({ type: 'cancel', n: this.n, code })
    if (this.running) this.#host.onStopping(this)
    else this.#host.takeBack(this)
    this.#answer?.reject(reason)
  }

  #deliver(message: OutputMessage): void {
    const { output } = message
    const streams = isStreamed(output)
    try {
      this.#answer?.resolve(streams ? this.#decodeStreamed(output) : decodeWhole(message))
    } catch (thrown) {
      // A status that no response can be made with: that of Response.error(), for one.
      this.#answer?.reject(thrown)
      this.#host.send({ type: 'stop', n: this.n })
      this.#finish()
    }
    if (!streams) this.#finish()
  }

  #decodeStreamed(output: WireOutput): PredictAnswer {
    this.#output = new FrontOutput(output, { n: this.n, send: this.#host.send }, () => this.#finish())
    if (this.#call.cancellation.reason !== undefined) this.#output.leave()
    return this.#output.answer
  }

  #fail(error: WireError): void {
    this.#answer?.reject(decodeError(error))
    this.#finish()
  }

  #finish(): void {
    if (this.#isOver()) return
    this.#input?.stop()
    this.#end()
  }

  #end(): void {
    if (this.#isOver()) return
    this.#state = 'done'
    this.#host.onDone(this)
    this.#onDone()
    this.#settle()
  }

  #settle(): void {
    if (!this.#isOver() || this.#hasDeferred) return
    this.#questions?.end()
    this.#host.onOver(this)
  }

  /** Whether predict is done with the call. */
  #isOver(): boolean {
    return this.#state === 'done' || this.#state === 'gone'
  }

  #runDeferred(): Promise<void> {
    if (this.#state === 'gone') return Promise.resolve()
    return new Promise(resolve => {
      this.#tasksSettled = resolve
      this.#host.send({ type: 'over', n: this.n })
    })
  }
}
