import type { PredictCall } from '../engine/engine.ts'
import type { ModelCall } from '../engine/model-call.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { StreamMessage, ToReplica } from './wire/protocol.ts'
import { BodySender } from './wire/streamed-body.ts'
import { encodeError } from './wire/wire-error.ts'
import { encodeOutput } from './wire/wire-output.ts'

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

  async answer(m: number, asked: ModelCall): Promise<void> {
    try {
      const { callModel } = this.#call
      if (callModel === undefined) throw new Error(`there is no model ${asked.model} beside this one`)
      this.#tell(m, await callModel(asked))
    } catch (thrown) {
      const error = await encodeError(thrown)
      if (!this.#over) this.#send({ type: 'refused', n: this.#n, m, error })
    }
  }

  /** A step of a stream, from its reader. */
  stream(step: StreamMessage): void {
    const sender = this.#streams.get(step.n)
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
    const body = answer.body instanceof ReadableStream ? answer.body : undefined
    if (this.#over) {
      body?.cancel().catch(() => {})
      return
    }
    this.#send({ type: 'told', n: this.#n, m, output: encodeOutput(answer) })
    if (body === undefined) return
    const send = (step: StreamMessage): void => this.#send({ type: 'asked', n: this.#n, step })
    const returned = 'returned' in answer && answer.kind === 'items' ? answer.returned : undefined
    this.#streams.set(m, new BodySender(body, { n: m, send, returned, onOver: () => this.#streams.delete(m) }))
  }
}
