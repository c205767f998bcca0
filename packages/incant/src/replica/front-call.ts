import type { PredictCall, PredictOutput } from '../engine/engine.ts'
import { RequestError } from '../errors/request-error.ts'
import type { FromReplica, ToReplica, WireError, WireOutput } from './protocol.ts'
import { BodyReceiver, BodySender, routeStreamMessage } from './streamed-body.ts'
import type { EncodedCall } from './wire-call.ts'
import { decodeError } from './wire-error.ts'

/** A call that its replica took to the grave before predict was called: another may have it. */
export class NotStartedError extends Error {
  override readonly name = 'NotStartedError'
}

/** What a {@link FrontCall} reports to its replica's keeper. */
export interface FrontCallHost {
  send(message: ToReplica): void
  /** Predict is done with the call. */
  onDone(): void
  /** Nothing of the call is left, deferred work included. */
  onOver(): void
  /** The call was told to stop and the replica owes it a sign of life. */
  onCancel(reason: Error): void
}

/** One call, on the side of the front. */
export class FrontCall {
  readonly #n: number
  readonly #call: PredictCall
  readonly #host: FrontCallHost
  readonly #input: BodySender | undefined
  #answer: { resolve(output: PredictOutput | Response): void; reject(reason: unknown): void } | undefined
  #output: BodyReceiver | undefined
  #tasksSettled: (() => void) | undefined
  #started = false
  #done = false
  #deferred = false

  constructor(n: number, call: PredictCall, { stream }: EncodedCall, host: FrontCallHost) {
    this.#n = n
    this.#call = call
    this.#host = host
    this.#input =
      stream === undefined
        ? undefined
        : new BodySender(
            stream,
            n,
            message => host.send(message),
            () => {},
          )
  }

  /** Whether predict has been called. */
  get started(): boolean {
    return this.#started
  }

  /**
   * What predict gives back.
   *
   * @throws What predict threw; the reason of the cancellation as soon as it fires; {@link NotStartedError}.
   */
  answer(): Promise<PredictOutput | Response> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      this.#call.cancellation.onCancel(reason => this.#cancel(reason))
    })
  }

  receive(message: Extract<FromReplica, { readonly n: number }>): void {
    switch (message.type) {
      case 'started':
        this.#started = true
        return
      case 'output':
        this.#deliver(message.output)
        return
      case 'thrown':
        this.#fail(message.error)
        return
      case 'deferred':
        this.#deferred = true
        this.#call.defer(() => this.#runDeferred())
        return
      case 'settled':
        this.#deferred = false
        this.#tasksSettled?.()
        this.#settle()
        return
      case 'cancelled':
      case 'health':
        return
      default:
        routeStreamMessage(message, this.#input, this.#output)
    }
  }

  /** The replica is gone. */
  die(reason: Error): void {
    const error = this.#started ? reason : new NotStartedError('the replica was gone before predict was called')
    this.#answer?.reject(error)
    this.#output?.break(reason)
    this.#tasksSettled?.()
    // What has not been started has not read its body either, and takes it along.
    if (this.#started) this.#input?.stop()
  }

  #cancel(reason: Error): void {
    if (this.#done) return
    this.#host.send({
      type: 'cancel',
      n: this.#n,
      code: reason instanceof RequestError ? reason.code : 'client_closed',
    })
    this.#host.onCancel(reason)
    this.#answer?.reject(reason)
  }

  #deliver(output: WireOutput): void {
    const streams = output.kind === 'response' ? output.hasBody : output.body === undefined
    this.#answer?.resolve(streams ? this.#decodeStreamed(output) : decodeWhole(output))
    if (!streams) this.#finish()
  }

  #decodeStreamed(output: WireOutput): PredictOutput | Response {
    this.#output = new BodyReceiver(
      this.#n,
      message => this.#host.send(message),
      () => {
        this.#output = undefined
        this.#finish()
      },
    )
    const body = this.#output.stream
    // Nobody will read what comes for a caller that is gone.
    if (this.#call.cancellation.reason !== undefined) body.cancel().catch(() => {})
    return output.kind === 'output' ? { contentType: output.contentType, body } : decodeResponse(output, body)
  }

  #fail(error: WireError): void {
    this.#answer?.reject(decodeError(error))
    this.#finish()
  }

  #finish(): void {
    if (this.#done) return
    this.#done = true
    this.#input?.stop()
    this.#host.onDone()
    this.#settle()
  }

  #settle(): void {
    if (this.#done && !this.#deferred) this.#host.onOver()
  }

  #runDeferred(): Promise<void> {
    return new Promise(resolve => {
      this.#tasksSettled = resolve
      this.#host.send({ type: 'over', n: this.#n })
    })
  }
}

function decodeWhole(output: WireOutput): PredictOutput | Response {
  if (output.kind === 'response') return decodeResponse(output, null)
  return { contentType: output.contentType, body: output.body ?? '' }
}

function decodeResponse(output: WireOutput & { kind: 'response' }, body: ReadableStream<Uint8Array> | null): Response {
  const { status, statusText, url } = output
  const headers = new Headers(output.headers.map(([name, value]): [string, string] => [name, value]))
  const response = new Response(body, { status, statusText, headers })
  // A fetched answer is known by its URL, which no constructor takes.
  return url === '' ? response : Object.defineProperty(response, 'url', { value: url })
}
