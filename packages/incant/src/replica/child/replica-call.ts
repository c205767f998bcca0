import { runBackgroundTask } from '../../engine/background-task.ts'
import type { CallReport } from '../../engine/call-report.ts'
import { Cancellation } from '../../engine/cancellation.ts'
import type { PredictCall } from '../../engine/engine.ts'
import type { HostedPredictor } from '../../engine/hosted-predictor.ts'
import type { CallModel } from '../../engine/model-call.ts'
import type { RequestErrorCode } from '../../errors/codes.ts'
import { RequestError } from '../../errors/request-error.ts'
import { isReadableStream } from '../../http/platform-objects.ts'
import type { PredictAnswer, PredictInput } from '../../http/predict-io.ts'
import { takeValid } from '../../http/read-document.ts'
import { UnreadBody } from '../../http/unread-body.ts'
import type { Logger } from '../../log/logger.ts'
import type { Principal } from '../../predictor/context.ts'
import type { Tracing } from '../../tracing/tracing.ts'
import type { Validator } from '../../validation/validation.ts'
import { fromMachineClock } from '../wire/machine-clock.ts'
import type { CallMessage, FromReplica, StreamMessage, ToReplica, WireCall } from '../wire/protocol.ts'
import { BodyReceiver, BodySender, routeStreamMessage } from '../wire/streamed-body.ts'
import { decodeInput } from '../wire/wire-call.ts'
import { encodeError } from '../wire/wire-error.ts'
import { encodeOutput } from '../wire/wire-output.ts'
import { type Attached, decodeValue } from '../wire/wire-value.ts'
import { Questions } from './questions.ts'

/** The dependencies of a {@link ReplicaCall}. */
export interface ReplicaCallHost {
  readonly logger: Logger
  /** Undefined: nothing is traced here. */
  readonly tracing: Tracing | undefined
  /** The schema of `@input`, for bodies that the front has not validated. */
  readonly ownValidator: Validator | undefined
  /** Reads a body that the front has left unread, and validates it, unless that is for the schema of `@input`. */
  readonly readBody: (body: UnreadBody) => Promise<unknown>
  send(message: FromReplica): void
  /** Nothing of a call is left. */
  onOver(n: number): void
}

/** One call, on the side of the replica. */
export class ReplicaCall {
  readonly #n: number
  readonly #wire: WireCall
  readonly #attached: Attached
  readonly #host: ReplicaCallHost
  readonly #cancellation = new Cancellation()
  #deferred: (() => unknown)[] | undefined
  #input: BodyReceiver | undefined
  #output: BodySender | undefined
  /** The calls of other models that predict makes. */
  #questions: Questions | undefined
  #answered = false
  #over = false

  constructor({ n, call, attached = [] }: CallMessage, host: ReplicaCallHost) {
    this.#n = n
    this.#wire = call
    this.#attached = attached.values()
    this.#host = host
  }

  /** Calls predict and sends the result. */
  async run(predictor: HostedPredictor): Promise<void> {
    try {
      const input = this.#readInput()
      // Without a promise where there is none: predict begins, and answers, before the next call is looked at.
      const call = this.#makeCall(input instanceof Promise ? await input : input)
      const output = predictor.run(call, () => {})
      const streaming = this.#sendOutput(output instanceof Promise ? await output : output)
      if (streaming !== undefined) await streaming
    } catch (thrown) {
      this.#host.send({ type: 'thrown', n: this.#n, error: await encodeError(thrown) })
      this.#output = undefined
    }
    this.#answered = true
    this.#settle()
  }

  /** The front no longer waits for an answer. */
  cancel(code: RequestErrorCode): void {
    this.#cancellation.cancel(new RequestError(code))
  }

  /** A step of a body that streams, either way. */
  stream(message: StreamMessage): void {
    if (message.m === undefined) routeStreamMessage(message, this.#output, this.#input)
    else this.#questions?.stream(message.m, message)
  }

  /** The answer of another model. */
  told(message: Extract<ToReplica, { readonly type: 'told' | 'refused' }>): void {
    this.#questions?.receive(message)
  }

  /** The response is over: runs what predict left for afterwards. */
  async over(): Promise<void> {
    for (const task of this.#deferred ?? []) await runBackgroundTask(task, this.#wire.id, this.#host.logger)
    this.#host.send({ type: 'settled', n: this.#n })
    this.#deferred = undefined
    this.#settle()
  }

  #readInput(): PredictInput | Promise<PredictInput> {
    const input = decodeInput(this.#wire, {
      attached: this.#attached,
      stream: () => this.#receiveBody(),
      signal: () => this.#cancellation.signal,
    })
    return this.#complete(input)
  }

  #makeCall(input: PredictInput): PredictCall {
    const deadline = fromMachineClock(this.#wire.deadline)
    const { id, streamFormat, answer, client, principal, reports, trace: carrier } = this.#wire
    const report = reports && makeReport(this.#n, message => this.#host.send(message))
    const trace = carrier && this.#host.tracing?.resume(carrier)
    const defer = (task: () => unknown): void => this.#defer(task)
    const cancellation = this.#cancellation
    const callModel: CallModel = asked => {
      this.#questions ??= new Questions(this.#n, message => this.#host.send(message))
      return this.#questions.ask(asked)
    }
    return {
      id,
      input,
      deadline,
      cancellation,
      streamFormat,
      answer,
      client,
      // Attached behind the input. What was encoded was one.
      principal: principal && (decodeValue(principal, this.#attached) as Principal),
      trace,
      report,
      callModel,
      defer,
    }
  }

  /** What the front has left to do: to read the body, and to validate it with the schema of `@input`. */
  #complete(input: PredictInput): PredictInput | Promise<PredictInput> {
    const { body } = this.#wire
    if (input.body instanceof UnreadBody) {
      return this.#host.readBody(input.body).then(read => this.#validate({ ...input, body: read }))
    }
    return body?.kind === 'packed' && !body.isValidated ? this.#validate(input) : input
  }

  async #validate(input: PredictInput): Promise<PredictInput> {
    const result = await this.#host.ownValidator?.validate(input.body)
    return result === undefined ? input : { ...input, body: takeValid(result) }
  }

  #receiveBody(): ReadableStream<Uint8Array> {
    this.#input = new BodyReceiver({ n: this.#n, send: message => this.#host.send(message), joins: true })
    return this.#input.stream
  }

  #defer(task: () => unknown): void {
    // Some calls outlive their answer: what they leave then runs at once.
    if (this.#over) {
      void runBackgroundTask(task, this.#wire.id, this.#host.logger)
      return
    }
    if (this.#deferred === undefined) this.#host.send({ type: 'deferred', n: this.#n })
    this.#deferred ??= []
    this.#deferred.push(task)
  }

  /** Returns a promise of the end of a body that streams. */
  #sendOutput(answer: PredictAnswer): Promise<void> | undefined {
    const { output, attached } = encodeOutput(answer)
    this.#host.send({ type: 'output', n: this.#n, output, attached })
    const body = isReadableStream(answer.body) ? answer.body : undefined
    if (body === undefined) return undefined
    const returned = 'returned' in answer && answer.kind === 'items' ? answer.returned : undefined
    return new Promise(onOver => {
      const send = (message: FromReplica): void => this.#host.send(message)
      this.#output = new BodySender(body, { n: this.#n, send, returned, of: 'answer', onOver })
    })
  }

  #settle(): void {
    if (!this.#answered || this.#deferred !== undefined || this.#over) return
    this.#over = true
    this.#host.onOver(this.#n)
  }
}

/** Sends the front what predict reports. */
function makeReport(n: number, send: ReplicaCallHost['send']): CallReport {
  return {
    log: line => send({ type: 'report', n, line }),
    metric: (metric, value) => send({ type: 'report', n, metric, value }),
  }
}
