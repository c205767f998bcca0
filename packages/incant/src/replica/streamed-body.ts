import type { StreamMessage } from './protocol.ts'
import { decodeError, encodeError } from './wire-error.ts'

/** Sends one step of a stream. */
type Send = (message: StreamMessage) => void

/** The end of a streamed body that has the bytes: gives a chunk for each one that is asked for. */
export class BodySender {
  readonly #body: ReadableStream<Uint8Array>
  readonly #n: number
  readonly #send: Send
  readonly #onOver: () => void
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined

  /** @param onOver - Called once there is nothing more to send: the end, a break, or a reader that left. */
  constructor(body: ReadableStream<Uint8Array>, n: number, send: Send, onOver: () => void) {
    this.#body = body
    this.#n = n
    this.#send = send
    this.#onOver = onOver
  }

  /** The other end asks for a chunk. */
  async pull(): Promise<void> {
    try {
      // Locked only now: a body that nobody has asked for may still go to another replica.
      this.#reader ??= this.#body.getReader()
      const { done, value } = await this.#reader.read()
      this.#send(done ? { type: 'end', n: this.#n } : { type: 'chunk', n: this.#n, bytes: value })
      if (done) this.#onOver()
    } catch (thrown) {
      this.#send({ type: 'break', n: this.#n, error: await encodeError(thrown) })
      this.#onOver()
    }
  }

  /** The other end has left, or is gone. */
  stop(): void {
    const cancelled = this.#reader === undefined ? this.#body.cancel() : this.#reader.cancel()
    cancelled.catch(() => {})
    this.#onOver()
  }
}

/** The end of a streamed body that wants the bytes: a stream that asks for one chunk when its reader has taken the last. */
export class BodyReceiver {
  readonly stream: ReadableStream<Uint8Array>
  readonly #onOver: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #answered: (() => void) | undefined
  #over = false

  /** @param onOver - Called once, when nothing more will come: the end, a break, or a reader that left. */
  constructor(n: number, send: Send, onOver: () => void) {
    this.#onOver = onOver
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller
        },
        pull: () => {
          send({ type: 'pull', n })
          return new Promise(resolve => {
            this.#answered = resolve
          })
        },
        cancel: () => {
          send({ type: 'stop', n })
          this.#finish(() => {})
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** The chunk that was asked for. */
  chunk(bytes: Uint8Array): void {
    if (this.#over) return
    this.#controller?.enqueue(bytes)
    this.#answered?.()
  }

  /** There is no more. */
  end(): void {
    this.#finish(() => this.#controller?.close())
  }

  /** There is no more, and the reader must know that it is not the end. */
  break(reason: unknown): void {
    this.#finish(() => this.#controller?.error(reason))
  }

  #finish(close: () => void): void {
    if (this.#over) return
    this.#over = true
    close()
    this.#answered?.()
    this.#onOver()
  }
}

/** Hands one step of a stream to whichever end it is for. */
export function routeStreamMessage(
  message: StreamMessage,
  sender: BodySender | undefined,
  receiver: BodyReceiver | undefined,
): void {
  switch (message.type) {
    case 'pull':
      void sender?.pull()
      return
    case 'stop':
      sender?.stop()
      return
    case 'chunk':
      receiver?.chunk(message.bytes)
      return
    case 'end':
      receiver?.end()
      return
    case 'break':
      receiver?.break(decodeError(message.error))
  }
}
