import type { PredictCall } from '../engine/engine.ts'
import { isReadableStream } from '../http/platform-objects.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { AskMessage, StreamMessage, ToReplica } from './wire/protocol.ts'
import { BodySender } from './wire/streamed-body.ts'
import { encodeError } from './wire/wire-error.ts'
import { encodeOutput } from './wire/wire-output.ts'
import { takeNext } from './wire/wire-value.ts'

/** The calls of other models that one call makes, on the side of the front. */
export class FrontQuestions {
  readonly #n: number
  readonly #call: PredictCall
  readonly #send: (message: ToReplica) => void
  readonly #streams: Map<number, BodySender> = new Map()
  #over = false

  constructor(n: number, call: PredictCall, send: (message: ToReplica) => void) {
    this.#n = n
    this.#call = call
    this.#send = send
  }

  async answer({ m, model, contentType: type, trace, attached }: AskMessage): Promise<void> {
    try {
      const { callModel } = this.#call
      if (callModel === undefined) throw new Error(`there is no model ${model} beside this one`)
      const body = type === undefined ? undefined : { type, bytes: takeNext((attached ?? []).values()) }
      this.#tell(m, await callModel({ model, body, trace }))
    } catch (thrown) {
      const error = await encodeError(thrown)
      if (!this.#over) this.#send({ type: 'refused', n: this.#n, m, error })
    }
  }

  /** A step of a stream, from its reader. */
  stream(m: number, step: StreamMessage): void {
    const sender = this.#streams.get(m)
    if (step.type === 'pull') sender?.pull(step.bytes)
    else if (step.type === 'stop') sender?.stop()
  }

  /** Nobody is there to be answered any more. */
  end(): void {
    this.#over = true
    for (const sender of this.#streams.values()) sender.stop()
    this.#streams.clear()
  }

  #tell(m: number, answer: PredictAnswer): void {
    const body = isReadableStream(answer.body) ? answer.body : undefined
    if (this.#over) {
      body?.cancel().catch(() => {})
      return
    }
    this.#send({ type: 'told', n: this.#n, m, ...encodeOutput(answer) })
    if (body === undefined) return
    const send = (step: StreamMessage): void => this.#send({ ...step, m })
    const returned = 'returned' in answer && answer.kind === 'items' ? answer.returned : undefined
    this.#streams.set(m, new BodySender(body, { n: this.#n, send, returned, onOver: () => this.#streams.delete(m) }))
  }
}
