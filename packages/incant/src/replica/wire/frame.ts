import { Inbox } from './inbox.ts'

/**
 * What goes over a channel is a sequence of frames. One has all messages of a turn of the event loop, since a frame costs more than a message:
 *
 *     frame    = length messages attached
 *     length   = that of the messages in bytes, a 32-bit integer, little-endian
 *     messages = a JSON array; a message that has bytes attached has their lengths in place of them
 *     attached = these bytes, one after the other, in the order of their lengths
 */
export interface Message {
  readonly type: string
  /** Bytes that go beside the JSON of the message. */
  readonly attached?: readonly Uint8Array[] | undefined
  /** More of them, in pieces: they arrive as one, before the others. */
  readonly pieces?: readonly Uint8Array[] | undefined
}

/** Bytes of the length at the beginning of a frame. */
const LENGTH = 4

/** Bytes up to which all that is attached to a frame is written together with its messages: a copy costs less than a write. */
const FEW = 65_536

/** Gathers the messages of a frame. */
export class FrameWriter {
  readonly #copies: boolean
  #messages: unknown[] = []
  #attached: Uint8Array[] = []
  #size = 0

  /** @param copies - Whether bytes are copied as they are added: their owner may write to them again. */
  constructor(copies: boolean) {
    this.#copies = copies
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0
  }

  /** Whether so much is attached that nothing is gained by waiting for more. */
  get isFull(): boolean {
    return this.#size > FEW
  }

  add(message: Message): void {
    const { attached = [], pieces } = message
    if (attached.length === 0 && pieces === undefined) {
      this.#messages.push(message)
      return
    }
    const lengths = attached.map(({ byteLength }) => byteLength)
    if (pieces !== undefined) lengths.unshift(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0))
    this.#messages.push({ ...message, pieces: undefined, attached: lengths })
    for (const bytes of pieces ?? []) this.#attach(bytes)
    for (const bytes of attached) this.#attach(bytes)
  }

  #attach(bytes: Uint8Array): void {
    this.#attached.push(this.#copies ? new Uint8Array(bytes) : bytes)
    this.#size += bytes.byteLength
  }

  /** The frame, in one piece if it is small. Another one begins. */
  take(): readonly Uint8Array[] {
    const text = JSON.stringify(this.#messages)
    const attached = this.#attached
    const length = Buffer.byteLength(text)
    const isFull = this.isFull
    const first = Buffer.allocUnsafe(LENGTH + length + (isFull ? 0 : this.#size))
    first.writeUInt32LE(length)
    first.write(text, LENGTH)
    this.#messages = []
    this.#attached = []
    this.#size = 0
    if (isFull) return [first, ...attached]
    let at = LENGTH + length
    for (const bytes of attached) {
      first.set(bytes, at)
      at += bytes.byteLength
    }
    return [first]
  }
}

/** A message that is arriving. */
interface Arriving {
  /** The lengths, each of which is replaced with the bytes once these are there. */
  readonly attached?: (number | Uint8Array)[]
}

/** Reads frames, in whatever pieces they arrive. */
export class FrameReader {
  readonly #inbox: Inbox
  /** The length of the messages of the frame that is arriving, once it is known. */
  #length: number | undefined
  /** Those of the frame that is arriving, and the place of the next among them. */
  #messages: readonly Arriving[] = []
  #next = 0
  /** Attached to the next message, and already there. */
  #filled = 0

  /** @param own - Whether bytes that are attached get memory that is theirs alone; else they may be windows of what has arrived. */
  constructor(own: boolean) {
    this.#inbox = new Inbox(own)
  }

  add(piece: Buffer): void {
    this.#inbox.add(piece)
  }

  /** Keeps what is not read yet of the piece that was added last, whose memory is about to be used again. */
  keep(): void {
    this.#inbox.keep()
  }

  /** The next message, once it is there with all that is attached to it. */
  next(): unknown {
    if (this.#next === this.#messages.length && !this.#readMessages()) return undefined
    const message = this.#messages[this.#next]
    if (message?.attached !== undefined && !this.#fill(message.attached)) return undefined
    this.#next += 1
    this.#filled = 0
    return message
  }

  #readMessages(): boolean {
    this.#length ??= this.#inbox.take(LENGTH)?.readUInt32LE()
    const bytes = this.#length === undefined ? undefined : this.#inbox.take(this.#length)
    if (bytes === undefined) return false
    // The other end is FrameWriter, in a process that Incant started.
    this.#messages = JSON.parse(bytes.toString()) as readonly Arriving[]
    this.#length = undefined
    this.#next = 0
    return true
  }

  #fill(attached: (number | Uint8Array)[]): boolean {
    for (; this.#filled < attached.length; this.#filled += 1) {
      const bytes = this.#inbox.takeAttached(Number(attached[this.#filled]))
      if (bytes === undefined) return false
      attached[this.#filled] = bytes
    }
    return true
  }
}
