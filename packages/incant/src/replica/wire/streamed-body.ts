import { checkChunk } from '../../http/byte-chunk.ts'
import type { StreamMessage } from './protocol.ts'
import { decodeError, encodeError } from './wire-error.ts'
import { encodeValue } from './wire-value.ts'

/** Sends one step of a stream. */
type Send = (message: StreamMessage) => void

/** Bytes that may be on their way, or wait for the reader, at once. One chunk may go beyond it. */
const WINDOW = 65_536

/** Whose body it is. That of an answer may go as far as one window before it is asked for. */
type Owner = 'request' | 'answer'

/** The dependencies of a {@link BodySender}. */
export interface BodySenderOptions {
  /** The number of the call. */
  readonly n: number
  readonly send: Send
  /** The return value, which goes with the end of the body. */
  readonly returned?: Promise<unknown> | undefined
  /** @default 'request' */
  readonly of?: Owner
  /** Called once there is nothing more to send: the end, a break, or a reader that left. */
  onOver?(): void
}

/** The sending end of a streamed body: sends as many bytes as the other end requests. */
export class BodySender {
  readonly #body: ReadableStream<Uint8Array>
  readonly #n: number
  readonly #send: Send
  readonly #onOver: () => void
  readonly #returned: Promise<unknown> | undefined
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #wanted = 0
  #sending = false
  #over = false

  constructor(body: ReadableStream<Uint8Array>, options: BodySenderOptions) {
    const { n, send, returned, of = 'request', onOver = () => {} } = options
    this.#body = body
    this.#n = n
    this.#send = send
    this.#onOver = onOver
    this.#returned = returned
    if (of === 'answer') this.pull(WINDOW)
  }

  /** The other end requests this many bytes more. */
  pull(bytes: number): void {
    this.#wanted += bytes
    if (!this.#sending && !this.#over) void this.#work()
  }

  /** The other end has left, or is gone. */
  stop(): void {
    if (this.#over) return
    this.#finish()
    const cancelled = this.#reader === undefined ? this.#body.cancel() : this.#reader.cancel()
    cancelled.catch(() => {})
  }

  async #work(): Promise<void> {
    this.#sending = true
    try {
      // Locked only now: a body that no replica has requested may still go to another one.
      this.#reader ??= this.#body.getReader()
      while (this.#wanted > 0) await this.#sendChunk(this.#reader)
    } catch (thrown) {
      await this.#sendBreak(thrown)
    }
    this.#sending = false
  }

  async #sendChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const { done, value } = await reader.read()
    if (this.#over) return
    if (done) {
      const returned = this.#returned && encodeValue(await this.#returned)
      if (this.#over) return
      this.#send({ type: 'end', n: this.#n, returned: returned?.wire, attached: returned?.attached })
      this.#finish()
      return
    }
    const bytes = checkChunk(value)
    this.#wanted -= bytes.byteLength
    this.#send({ type: 'chunk', n: this.#n, attached: [bytes] })
  }

  async #sendBreak(thrown: unknown): Promise<void> {
    if (this.#over) return
    // A chunk that cannot be sent leaves a stream that would go on.
    this.#reader?.cancel(thrown).catch(() => {})
    this.#send({ type: 'break', n: this.#n, error: await encodeError(thrown) })
    this.#finish()
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#wanted = 0
    this.#onOver()
  }
}

/** The dependencies of a {@link BodyReceiver}. */
export interface BodyReceiverOptions {
  /** The number of the call. */
  readonly n: number
  readonly send: Send
  /** @default 'request' */
  readonly of?: Owner
  /** Whether chunks that arrive together are given as one: their bounds mean nothing. @default false */
  readonly joins?: boolean
  /** Called once, when nothing more will come: the end, a break, or a reader that left. */
  onOver?(): void
}

/** The receiving end of a streamed body: a stream that requests more when its reader has taken what was there. */
export class BodyReceiver {
  readonly stream: ReadableStream<Uint8Array>
  readonly #n: number
  readonly #send: Send
  readonly #onOver: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  readonly #joins: boolean
  #answered: (() => void) | undefined
  /** Bytes that the other end may still send. */
  #wanted: number
  /** Chunks that have arrived together, until they are joined. */
  #arrived: Uint8Array[] = []
  #over = false
  #broken: { readonly reason: unknown } | undefined

  constructor({ n, send, of = 'request', joins = false, onOver = () => {} }: BodyReceiverOptions) {
    this.#n = n
    this.#send = send
    this.#onOver = onOver
    this.#joins = joins
    this.#wanted = of === 'answer' ? WINDOW : 0
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#arrived = []
          send({ type: 'stop', n })
          this.#finish(() => {})
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** The reader waits, and there is nothing left. */
  #pull(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken.reason)
    // Not for every chunk: small ones would each be answered by a message.
    if (this.#wanted <= WINDOW / 2) {
      this.#send({ type: 'pull', n: this.#n, bytes: WINDOW - this.#wanted })
      this.#wanted = WINDOW
    }
    return new Promise(resolve => {
      this.#answered = resolve
    })
  }

  /** Some of the requested bytes. */
  chunk(bytes: Uint8Array): void {
    if (this.#over) return
    this.#wanted -= bytes.byteLength
    this.#arrived.push(bytes)
    if (!this.#joins) this.#join()
    // After those that have come with it.
    else if (this.#arrived.length === 1) queueMicrotask(this.#join)
  }

  readonly #join = (): void => {
    const [first, ...others] = this.#arrived
    this.#arrived = []
    if (first === undefined) return
    this.#controller?.enqueue(others.length === 0 ? first : Buffer.concat([first, ...others]))
    this.#answered?.()
  }

  /** There is no more. */
  end(): void {
    this.#join()
    this.#finish(() => this.#controller?.close())
  }

  /** There is no more, and the reader must know that it is not the end. */
  break(reason: unknown): void {
    this.#join()
    this.#finish(() => {
      // An error discards what is queued, which the reader takes first.
      if (this.#controller?.desiredSize === 0) this.#controller.error(reason)
      else this.#broken = { reason }
    })
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
      sender?.pull(message.bytes)
      return
    case 'stop':
      sender?.stop()
      return
    case 'chunk':
      for (const bytes of message.attached) receiver?.chunk(bytes)
      return
    case 'end':
      receiver?.end()
      return
    case 'break':
      receiver?.break(decodeError(message.error))
  }
}
