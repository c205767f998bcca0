import { Deferred } from '../../async/deferred.ts'
import type { ModelCall } from '../../engine/model-call.ts'
import type { PredictAnswer } from '../../http/predict-io.ts'
import type { FromReplica, StreamMessage, ToReplica, WireOutput } from '../wire/protocol.ts'
import { BodyReceiver, routeStreamMessage } from '../wire/streamed-body.ts'
import { decodeError } from '../wire/wire-error.ts'
import { decodeResponse, decodeReturned, decodeWhole, isStreamed } from '../wire/wire-output.ts'

/** An answer of the front to a question. */
type Told = Extract<ToReplica, { readonly m: number }>

/** The items of a stream of another model. */
interface Incoming {
  readonly receiver: BodyReceiver
  readonly returned: Deferred<unknown>
}

/** The calls of other models that predict makes in one call, on the side of the replica. */
export class Questions {
  readonly #n: number
  readonly #send: (message: FromReplica) => void
  readonly #asked: Map<number, Deferred<PredictAnswer>> = new Map()
  readonly #incoming: Map<number, Incoming> = new Map()
  #next = 0

  constructor(n: number, send: (message: FromReplica) => void) {
    this.#n = n
    this.#send = send
  }

  /** Calls another model. */
  ask(call: ModelCall): Promise<PredictAnswer> {
    this.#next += 1
    const m = this.#next
    const answer = new Deferred<PredictAnswer>()
    this.#asked.set(m, answer)
    const { model, body, trace } = call
    this.#send({ type: 'ask', n: this.#n, m, model, trace, contentType: body?.type, attached: body && [body.bytes] })
    return answer.promise
  }

  receive(message: Told): void {
    const answer = this.#asked.get(message.m)
    this.#asked.delete(message.m)
    if (message.type === 'refused') answer?.reject(decodeError(message.error))
    else answer?.resolve(isStreamed(message.output) ? this.#stream(message.m, message.output) : decodeWhole(message))
  }

  /** A step of a stream of another model. */
  stream(m: number, step: StreamMessage): void {
    const incoming = this.#incoming.get(m)
    if (step.type === 'end') incoming?.returned.resolve(decodeReturned(step))
    if (step.type === 'break') incoming?.returned.reject(decodeError(step.error))
    routeStreamMessage(step, undefined, incoming?.receiver)
  }

  #stream(m: number, output: WireOutput): PredictAnswer {
    const send = (step: StreamMessage): void => this.#send({ ...step, m })
    const returned = new Deferred<unknown>()
    // Only those who ask for it are told.
    returned.promise.catch(() => {})
    const onOver = (): void => {
      this.#incoming.delete(m)
      returned.reject(new Error('the items were left before their end'))
    }
    const receiver = new BodyReceiver({ n: this.#n, send, onOver })
    this.#incoming.set(m, { receiver, returned })
    const body = receiver.stream
    if (output.kind === 'response') return decodeResponse(output, body)
    if (output.kind === 'stream') return { contentType: output.contentType, body }
    return { kind: 'items', body, returned: returned.promise }
  }
}
