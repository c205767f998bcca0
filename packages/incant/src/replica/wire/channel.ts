import type { Readable, Writable } from 'node:stream'
import { type DecodeMessage, type EncodeMessage, FrameReader, FrameWriter, type Message } from './frame.ts'

/**
 * Two streams, one each way. As one, the reading end would go down with the writing end, and with it what a process had
 * said before it died: a write to it fails before that has been read.
 */
export interface Line {
  readonly input: Readable
  readonly output: Writable
}

/** How a {@link Channel} sends messages. */
export interface ChannelOptions<Outgoing extends Message, Incoming extends Message> {
  readonly encode: EncodeMessage<Outgoing>
  readonly decode: DecodeMessage<Incoming>
  /**
   * Whether this is the end where predict runs: it may write to bytes again that it has returned, so they are copied as
   * they are sent, and it may transfer the memory of those that it gets, so that is theirs alone.
   */
  readonly guarded: boolean
}

/** Frames of a turn that are written at once: see {@link Channel.sendSoon}. */
const PROMPT = 8

/** Milliseconds for which messages may be held back while the turn goes on. With less, calls that take a millisecond share no frame. */
const HOLD = 4

/** Messages over a byte stream, those of one turn of the event loop in one frame. */
export class Channel<Outgoing extends Message, Incoming extends Message> {
  readonly #output: Writable
  readonly #receive: (message: Incoming) => void
  readonly #guarded: boolean
  readonly #reader: FrameReader<Incoming>
  readonly #writer: FrameWriter<Outgoing>
  #isTurning = false
  #isSoon = false
  #isPausing = false
  /** Frames that were written at once in this turn. */
  #prompt = 0
  /** Since when messages are held back: a frame was written, something was read, or, where nothing is computed, the first of them came. */
  #since = 0

  /** @param receive - Called with each message that is {@link read}, in order. */
  constructor(output: Writable, receive: (message: Incoming) => void, options: ChannelOptions<Outgoing, Incoming>) {
    const { guarded, encode, decode } = options
    this.#output = output
    this.#receive = receive
    this.#guarded = guarded
    this.#writer = new FrameWriter(guarded, encode)
    this.#reader = new FrameReader(guarded, decode)
  }

  /** Reads what the other end has sent. A guarded end may use the memory of it again. */
  read(piece: Buffer): void {
    this.#reader.add(piece)
    if (!this.#isPausing) this.#receiveAll()
    if (this.#guarded) this.#reader.keep()
  }

  /**
   * Where predict runs, a call may compute for long: what it and others answer is sent before the next one begins. That is in
   * the same turn of the event loop all the same, so that calls which arrive together can be computed together.
   */
  readonly #receiveAll = (): void => {
    this.#isPausing = false
    this.#since = performance.now()
    for (let message = this.#reader.next(); message !== undefined; message = this.#reader.next()) {
      this.#receive(message)
      if (!this.#guarded || performance.now() - this.#since < HOLD) continue
      this.#isPausing = true
      // A tick that a microtask asks for comes after all microtasks.
      queueMicrotask(() => process.nextTick(this.#receiveAll))
      return
    }
  }

  /**
   * Sends a message with everything else that is sent in this turn of the event loop, or of a few milliseconds where the turn is
   * longer: what each call computes, or thousands of requests that are read, would else hold up all of them.
   */
  send(message: Outgoing): void {
    const now = performance.now()
    if (!this.#guarded && this.#writer.isEmpty) this.#since = now
    this.#writer.add(message)
    if (this.#writer.isFull) this.flush()
    else if (now - this.#since >= HOLD) this.#flushAfterMicrotasks()
    else this.#awaitTurn()
  }

  /**
   * Sends a message before anything that its sender goes on to compute, with those that others send at the same moment: one
   * item of a stream, whose next may take long. Where a turn has many such moments, the items after the first are cheap, and
   * are gathered for a few milliseconds: a frame costs more than an item.
   */
  sendSoon(message: Outgoing): void {
    this.send(message)
    if (this.#prompt < PROMPT && !this.#writer.isEmpty) this.#flushAfterMicrotasks()
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
    this.#since = performance.now()
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

  #flushAfterMicrotasks(): void {
    if (this.#isSoon) return
    this.#isSoon = true
    queueMicrotask(this.#flushPromptly)
  }

  readonly #flushPromptly = (): void => {
    this.#isSoon = false
    this.#prompt += 1
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
