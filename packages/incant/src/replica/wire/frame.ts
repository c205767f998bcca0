import { Inbox } from './inbox.ts'

/**
 * What goes over a channel is a sequence of frames. One has all messages of a turn of the event loop, since a frame costs more than a message:
 *
 *     frame    = size width messages attached
 *     size     = the bytes of the messages, a 32-bit integer, little-endian
 *     width    = the bytes of each of their characters, likewise: 1 is Latin-1, 2 is UTF-16; both are copied as V8 has them
 *     messages = a JSON array: the form of a message, then the lengths of what is attached to it, or 0, and so on
 *     attached = these bytes, one after the other, in the order of their lengths
 */
export interface Message {
  readonly type: string
  /** Bytes that go beside the JSON of the message. */
  readonly attached?: readonly Uint8Array[] | undefined
  /** More of them, in pieces: they arrive as one, before the others. */
  readonly pieces?: readonly Uint8Array[] | undefined
}

/** What a message is without its bytes, as a value that JSON has. */
export type EncodeMessage<Sent extends Message> = (message: Sent) => unknown

/** The message of a form that the other end has encoded. */
export type DecodeMessage<Received extends Message> = (form: unknown, attached: Uint8Array[] | undefined) => Received

/** Bytes of a number at the beginning of a frame, and of the two that are there. */
const WORD = 4
const HEAD = 2 * WORD

/** What Latin-1 does not have. In a text that V8 keeps as Latin-1 it is not looked for. */
const WIDE = /[\u0100-\uffff]/

/** Bytes up to which all that is attached to a frame is written together with its messages: a copy costs less than a write. */
const FEW = 65_536

/** Gathers the messages of a frame. */
export class FrameWriter<Sent extends Message> {
  readonly #copies: boolean
  readonly #encode: EncodeMessage<Sent>
  #messages: unknown[] = []
  #attached: Uint8Array[] = []
  #size = 0

  /** @param copies - Whether bytes are copied as they are added: their owner may write to them again. */
  constructor(copies: boolean, encode: EncodeMessage<Sent>) {
    this.#copies = copies
    this.#encode = encode
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0
  }

  /** Whether so much is attached that nothing is gained by waiting for more. */
  get isFull(): boolean {
    return this.#size > FEW
  }

  add(message: Sent): void {
    const { attached, pieces } = message
    this.#messages.push(this.#encode(message), measure(message))
    if (pieces !== undefined) for (const bytes of pieces) this.#attach(bytes)
    if (attached !== undefined) for (const bytes of attached) this.#attach(bytes)
  }

  #attach(bytes: Uint8Array): void {
    this.#attached.push(this.#copies ? new Uint8Array(bytes) : bytes)
    this.#size += bytes.byteLength
  }

  /** The frame, in one piece if it is small. Another one begins. */
  take(): readonly Uint8Array[] {
    const text = JSON.stringify(this.#messages)
    const attached = this.#attached
    const width = WIDE.test(text) ? 2 : 1
    const end = HEAD + text.length * width
    const isFull = this.isFull
    const first = Buffer.allocUnsafe(end + (isFull ? 0 : this.#size))
    first.writeUInt32LE(end - HEAD)
    first.writeUInt32LE(width, WORD)
    first.write(text, HEAD, encodingOf(width))
    this.#messages = []
    this.#attached = []
    this.#size = 0
    if (isFull) return [first, ...attached]
    let at = end
    for (const bytes of attached) {
      first.set(bytes, at)
      at += bytes.byteLength
    }
    return [first]
  }
}

function encodingOf(width: number): BufferEncoding {
  return width === 1 ? 'latin1' : 'utf16le'
}

/** The lengths of what is attached to a message, or 0 where nothing is. */
function measure({ attached = [], pieces }: Message): number[] | 0 {
  if (attached.length === 0 && pieces === undefined) return 0
  const lengths = attached.map(({ byteLength }) => byteLength)
  if (pieces !== undefined) lengths.unshift(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0))
  return lengths
}

interface Head {
  readonly size: number
  readonly encoding: BufferEncoding
}

/** Reads frames, in whatever pieces they arrive. */
export class FrameReader<Received extends Message> {
  readonly #inbox: Inbox
  readonly #decode: DecodeMessage<Received>
  /** Of the frame that is arriving, once it is there. */
  #head: Head | undefined
  /** Those of the frame that is arriving, each with its lengths behind it, and the place of the next among them. */
  #messages: readonly unknown[] = []
  #next = 0
  /** Attached to the next message, and already there. */
  #filled: Uint8Array[] = []

  /** @param own - Whether bytes that are attached get memory that is theirs alone; else they may be windows of what has arrived. */
  constructor(own: boolean, decode: DecodeMessage<Received>) {
    this.#inbox = new Inbox(own)
    this.#decode = decode
  }

  add(piece: Buffer): void {
    this.#inbox.add(piece)
  }

  /** Keeps what is not read yet of the piece that was added last, whose memory is about to be used again. */
  keep(): void {
    this.#inbox.keep()
  }

  /** The next message, once it is there with all that is attached to it. */
  next(): Received | undefined {
    if (this.#next === this.#messages.length && !this.#readMessages()) return undefined
    // The other end is FrameWriter, in a process that Incant started.
    const lengths = this.#messages[this.#next + 1] as 0 | readonly number[]
    if (lengths !== 0 && !this.#fill(lengths)) return undefined
    const message = this.#decode(this.#messages[this.#next], lengths === 0 ? undefined : this.#filled)
    this.#next += 2
    if (lengths !== 0) this.#filled = []
    return message
  }

  #readMessages(): boolean {
    this.#head ??= this.#readHead()
    const bytes = this.#head && this.#inbox.take(this.#head.size)
    if (bytes === undefined) return false
    this.#messages = JSON.parse(bytes.toString(this.#head?.encoding)) as readonly unknown[]
    this.#head = undefined
    this.#next = 0
    return true
  }

  #readHead(): Head | undefined {
    const bytes = this.#inbox.take(HEAD)
    return bytes && { size: bytes.readUInt32LE(), encoding: encodingOf(bytes.readUInt32LE(WORD)) }
  }

  #fill(lengths: readonly number[]): boolean {
    for (const length of lengths.slice(this.#filled.length)) {
      const bytes = this.#inbox.takeAttached(length)
      if (bytes === undefined) return false
      this.#filled.push(bytes)
    }
    return true
  }
}
