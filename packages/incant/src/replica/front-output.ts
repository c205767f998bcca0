import { Deferred } from '../async/deferred.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { StreamMessage, ToReplica, WireOutput } from './wire/protocol.ts'
import { BodyReceiver } from './wire/streamed-body.ts'
import { decodeError } from './wire/wire-error.ts'
import { decodeResponse, decodeReturned } from './wire/wire-output.ts'

/** The streamed answer of one call, on the side of the front. */
export class FrontOutput {
  readonly answer: PredictAnswer
  readonly #body: ReadableStream<Uint8Array>
  /** Undefined once nothing more will come. */
  #receiver: BodyReceiver | undefined
  /** The return value of a generator whose items are read. */
  #returned: Deferred<unknown> | undefined

  /** @param onOver - Called once, when nothing more will come. */
  constructor(output: WireOutput, call: { readonly n: number; send(message: ToReplica): void }, onOver: () => void) {
    this.#receiver = new BodyReceiver({
      n: call.n,
      send: message => call.send(message),
      of: 'answer',
      joins: output.kind !== 'items',
      onOver: () => {
        this.#receiver = undefined
        this.#returned?.reject(new Error('the items were left before their end'))
        onOver()
      },
    })
    this.#body = this.#receiver.stream
    this.answer = this.#decode(output)
  }

  /** The consumer of the steps of the body, as long as there are any. */
  get receiver(): BodyReceiver | undefined {
    return this.#receiver
  }

  /** The caller is gone, so the body is not needed. */
  leave(): void {
    this.#body.cancel().catch(() => {})
  }

  /** Before the body ends, which is then over for its reader. */
  note(message: StreamMessage): void {
    if (this.#returned === undefined) return
    if (message.type === 'end') this.#returned.resolve(decodeReturned(message))
    if (message.type === 'break') this.#returned.reject(decodeError(message.error))
  }

  /** The replica is gone. */
  break(reason: Error): void {
    this.#returned?.reject(reason)
    this.#receiver?.break(reason)
  }

  #decode(output: WireOutput): PredictAnswer {
    const body = this.#body
    if (output.kind === 'response') return decodeResponse(output, body)
    if (output.kind === 'stream') return { contentType: output.contentType, body }
    this.#returned = new Deferred()
    return { kind: 'items', body, returned: this.#returned.promise }
  }
}
