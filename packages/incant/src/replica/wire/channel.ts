import type { Readable, Writable } from 'node:stream'
import { FrameReader, FrameWriter, type Message } from './frame.ts'

/**
 * Two streams, one each way. As one, the reading end would go down with the writing end, and with it what a process had
 * said before it died: a write to it fails before that has been read.
 */
export interface Line {
  readonly input: Readable
  readonly output: Writable
}

/** What a {@link Channel} does with bytes. */
export interface ChannelOptions {
  /**
   * Whether this is the end where predict runs: it may write to bytes again that it has returned, so they are copied as
   * they are sent, and it may transfer the memory of those that it gets, so that is theirs alone.
   */
  readonly guarded: boolean
}

/** Frames of a turn that are written at once: see {@link Channel.sendSoon}. */
const PROMPT = 8

/** Milliseconds for which further ones may be held back. */
const HOLD = 1

/** Messages over a byte stream, those of one turn of the event loop in one frame. */
export class Channel<Outgoing extends Message, Incoming extends Message> {
  readonly #output: Writable
  readonly #receive: (message: Incoming) => void
  readonly #guarded: boolean
  readonly #reader: FrameReader
  readonly #writer: FrameWriter
  #isTurning = false
  #isSoon = false
  /** Frames that were written at once in this turn, and when the last was. */
  #prompt = 0
  #writtenAt = 0

  /** @param receive - Called with each message that is {@link read}, in order. */
  constructor(output: Writable, receive: (message: Incoming) => void, { guarded }: ChannelOptions) {
    this.#output = output
    this.#receive = receive
    this.#guarded = guarded
    this.#writer = new FrameWriter(guarded)
    this.#reader = new FrameReader(guarded)
  }

  /** Reads what the other end has sent. A guarded end may use the memory of it again. */
  read(piece: Buffer): void {
    this.#reader.add(piece)
    // The other end is this class, in a process that Incant started.
    for (let message = this.#reader.next(); message !== undefined; message = this.#reader.next())
      this.#receive(message as Incoming)
    if (this.#guarded) this.#reader.keep()
  }

  /** Sends a message with everything else that is sent in this turn of the event loop. */
  send(message: Outgoing): void {
    this.#writer.add(message)
    if (this.#writer.isFull) this.flush()
    else this.#awaitTurn()
  }

  /**
   * Sends a message before anything that its sender goes on to compute, with those that others send at the same moment: one
   * item of a stream, whose next may take long. Where a turn has many such moments, the items after the first are cheap, and
   * are gathered for up to a millisecond: a frame costs more than an item.
   */
  sendSoon(message: Outgoing): void {
    this.send(message)
    if (this.#isSoon || this.#writer.isEmpty) return
    if (this.#prompt >= PROMPT && performance.now() - this.#writtenAt < HOLD) return
    this.#isSoon = true
    queueMicrotask(this.#flushPromptly)
  }

  /**
   * Writes the messages that wait at the end of this tick and its microtasks. This is for calls that follow an answer:
   * the turn of the loop can be long, while thousands of requests are read, and one frame of answers is handled by then.
   */
  flushSoon(): void {
    if (!this.#writer.isEmpty) process.nextTick(this.#flush)
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#writer.isEmpty) return
    const pieces = this.#writer.take()
    if (!this.#output.writable) return
    if (pieces.length > 1) this.#output.cork()
    for (const piece of pieces) this.#output.write(piece)
    // At once: the next thing that this process does may be its last.
    if (pieces.length > 1) this.#output.uncork()
  }

  /** Ends the stream after what waits. */
  end(): void {
    this.flush()
    this.#output.end()
  }

  readonly #flush = (): void => this.flush()

  readonly #flushPromptly = (): void => {
    this.#isSoon = false
    this.#prompt += 1
    this.#writtenAt = performance.now()
    this.flush()
  }

  #awaitTurn(): void {
    if (this.#isTurning) return
    this.#isTurning = true
    setImmediate(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    this.#isTurning = false
    this.#prompt = 0
    this.flush()
  }
}
