import type { Cancellation } from '../../engine/cancellation.ts'
import type { BytesAnswer, FaceAnswer } from '../../faces/model.ts'
import { isReadableStream } from '../../http/platform-objects.ts'
import type { PredictAnswer } from '../../http/predict-io.ts'

/** A call, as far as its answer is concerned. */
export interface AnsweredCall {
  readonly cancellation: Cancellation
  /** Called once nothing more comes of the call. */
  onOver(): void
}

/** The answer of a call, as a face gets it. */
export function answerOfFace(output: PredictAnswer, call: AnsweredCall): FaceAnswer {
  const { body } = output
  if (!isReadableStream(body)) call.onOver()
  else call.cancellation.onCancel(() => release(body))
  // An answer that was asked for as data is written only where it is bytes.
  if ('contentType' in output) return { kind: 'bytes', ...output } as BytesAnswer
  // A `Response` of any copy.
  if (!('kind' in output)) return output
  if (output.kind === 'value') return output
  return { kind: 'items', items: new Items(output.body, call), returned: output.returned }
}

/** Lets go of a body that is not read: a replica sends nothing of it, also not that it has failed. */
function release(body: ReadableStream<Uint8Array>): void {
  if (!body.locked) body.cancel().catch(() => {})
}

/** Items as they come, until the call is cancelled: a replica that hangs would not report it. */
class Items implements AsyncIterableIterator<string> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  readonly #call: AnsweredCall
  #cancelled: { readonly reason: Error } | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(body: ReadableStream<Uint8Array>, call: AnsweredCall) {
    this.#reader = body.getReader()
    this.#call = call
    call.cancellation.onCancel(reason => {
      this.#cancelled = { reason }
      this.#reject?.(reason)
      this.#reader.cancel().catch(() => {})
    })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<string>> {
    return new Promise((resolve, reject) => {
      if (this.#cancelled !== undefined) {
        reject(this.#cancelled.reason)
        return
      }
      this.#reject = reject
      this.#reader.read().then(({ done, value }) => resolve(done ? this.#end() : this.#take(value)), reject)
    })
  }

  /** The reader leaves, also before it has read anything. */
  async return(): Promise<IteratorResult<string>> {
    this.#call.onOver()
    this.#reader.cancel().catch(() => {})
    return { done: true, value: undefined }
  }

  #take(item: Uint8Array): IteratorResult<string> {
    return { done: false, value: this.#decoder.decode(item) }
  }

  #end(): IteratorResult<string> {
    this.#call.onOver()
    return { done: true, value: undefined }
  }
}
