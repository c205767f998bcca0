import type { Readable, Writable } from 'node:stream'
import { ENCODING, type FrameHead, HEAD_LENGTH, makeClone, readClone, readHead, writeHead } from './frame.ts'
import { Inbox } from './inbox.ts'

/**
 * Two streams, one each way. As one, the reading end would go down with the writing end, and with it what a process had
 * said before it died: a write to it fails before that has been read.
 */
export interface Line {
  readonly input: Readable
  readonly output: Writable
}

/** How a {@link Channel} sends. */
export interface ChannelOptions {
  /** Whether bytes in messages are sent without a copy: the sender does not write to them again. */
  readonly lend: boolean
}

/**
 * Messages over a byte stream, in frames. JSON values go as JSON, which costs a third of a structured clone, and
 * everything sent in one tick goes in one frame, since a frame costs more than its messages. Bytes travel beside a
 * clone: they are copied once, on arrival.
 */
export class Channel<Outgoing, Incoming> {
  readonly #output: Writable
  readonly #receive: (message: Incoming) => void
  readonly #lend: boolean
  readonly #inbox = new Inbox()
  #outgoing: Outgoing[] = []
  /** The frame that is arriving. */
  #head: FrameHead | undefined
  readonly #flush = (): void => this.flush()
  readonly #uncork = (): void => this.#output.uncork()

  /** @param receive - Called with each message, in order. */
  constructor({ input, output }: Line, receive: (message: Incoming) => void, { lend }: ChannelOptions) {
    this.#output = output
    this.#receive = receive
    this.#lend = lend
    input.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Sends a message that JSON carries as it is, with everything else that is sent in this tick. */
  send(message: Outgoing): void {
    this.#outgoing.push(message)
    if (this.#outgoing.length === 1) setImmediate(this.#flush)
  }

  /**
   * Writes the messages that wait at the end of this tick and its microtasks. This is for calls that follow an answer:
   * the turn of the loop can be long, while thousands of requests are read, and one frame of answers is handled by then.
   */
  flushSoon(): void {
    if (this.#outgoing.length > 0) process.nextTick(this.#flush)
  }

  /**
   * Sends a message with bytes, dates and the like, after those that wait. It is written with those that others send at the
   * same moment, such as the pieces of many streams, and before anything that its sender goes on to compute.
   *
   * @throws {DOMException} `DataCloneError` for a value that structured clone cannot carry either, such as a function.
   */
  sendClone(message: Outgoing): void {
    const { content, attached } = makeClone(message, this.#lend)
    this.flush()
    if (!this.#output.writable) return
    const length = attached.reduce((sum, bytes) => sum + bytes.byteLength, 0)
    const head = { content: content.byteLength, attached: length, encoding: ENCODING.clone }
    this.#cork()
    this.#output.write(writeHead(Buffer.allocUnsafe(HEAD_LENGTH), head))
    for (const part of [content, ...attached]) this.#output.write(part)
  }

  /** Has everything that is sent before the next microtask written at once: a system call costs more than what it writes. */
  #cork(): void {
    if (this.#output.writableCorked > 0) return
    this.#output.cork()
    queueMicrotask(this.#uncork)
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#outgoing.length === 0) return
    const text = JSON.stringify(this.#outgoing)
    this.#outgoing = []
    if (!this.#output.writable) return
    const content = Buffer.byteLength(text)
    const frame = Buffer.allocUnsafe(HEAD_LENGTH + content)
    writeHead(frame, { content, attached: 0, encoding: ENCODING.json })
    frame.write(text, HEAD_LENGTH)
    this.#output.write(frame)
    // The next thing that this process does may be its last.
    if (this.#output.writableCorked > 0) this.#output.uncork()
  }

  /** Ends the stream after what waits. */
  end(): void {
    this.flush()
    this.#output.end()
  }

  #read(chunk: Buffer): void {
    this.#inbox.add(chunk)
    for (let head = this.#arrived(); head !== undefined; head = this.#arrived()) {
      this.#head = undefined
      // The other end is this class, in a process that Incant started.
      for (const message of this.#takeMessages(head) as Incoming[]) this.#receive(message)
    }
  }

  /** The head of the next frame, once that is whole. */
  #arrived(): FrameHead | undefined {
    if (this.#head === undefined && this.#inbox.length >= HEAD_LENGTH)
      this.#head = readHead(this.#inbox.take(HEAD_LENGTH))
    const head = this.#head
    return head !== undefined && this.#inbox.length >= head.content + head.attached ? head : undefined
  }

  #takeMessages({ content, encoding }: FrameHead): unknown[] {
    const bytes = this.#inbox.take(content)
    if (encoding === ENCODING.json) return JSON.parse(bytes.toString())
    return [readClone(bytes, length => this.#inbox.takeOwn(length))]
  }
}
