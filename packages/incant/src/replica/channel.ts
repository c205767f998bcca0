import type { Readable, Writable } from 'node:stream'
import v8 from 'node:v8'

/** Bytes before a frame's content: its length, and the form it is in. */
const HEADER_LENGTH = 5

/** What the content of a frame is. */
const FORM = { json: 0, clone: 1 } as const

/**
 * Two streams, one each way. As one, the reading end would go down with the writing end, and with it what a process had
 * said before it died: a write to it fails before that has been read.
 */
export interface Line {
  readonly input: Readable
  readonly output: Writable
}

/**
 * Messages over a byte stream, in frames. What JSON carries as it is goes as JSON, which costs a third of a structured
 * clone, and all that is sent in one tick goes in one frame, since a frame costs more than the messages in it.
 */
export class Channel<Outgoing, Incoming> {
  readonly #output: Writable
  readonly #receive: (message: Incoming) => void
  #outgoing: Outgoing[] = []
  #incoming: Buffer[] = []
  #buffered = 0
  readonly #flush = (): void => this.flush()

  /** @param receive - Called with each message, in order. */
  constructor({ input, output }: Line, receive: (message: Incoming) => void) {
    this.#output = output
    this.#receive = receive
    input.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Sends a message that JSON carries as it is, with everything else that is sent in this tick. */
  send(message: Outgoing): void {
    this.#outgoing.push(message)
    if (this.#outgoing.length === 1) setImmediate(this.#flush)
  }

  /**
   * Sends a message that holds bytes, dates and the like, after what waits.
   *
   * @throws {DOMException} `DataCloneError` for what a structured clone cannot carry either: a function, for one.
   */
  sendClone(message: Outgoing): void {
    const content = v8.serialize(message)
    this.flush()
    if (!this.#output.writable) return
    this.#output.cork()
    this.#output.write(describeFrame(Buffer.allocUnsafe(HEADER_LENGTH), content.byteLength, FORM.clone))
    this.#output.write(content)
    this.#output.uncork()
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#outgoing.length === 0) return
    const text = JSON.stringify(this.#outgoing)
    this.#outgoing = []
    if (!this.#output.writable) return
    const length = Buffer.byteLength(text)
    const frame = describeFrame(Buffer.allocUnsafe(HEADER_LENGTH + length), length, FORM.json)
    frame.write(text, HEADER_LENGTH)
    this.#output.write(frame)
  }

  /** Ends the stream after what waits. */
  end(): void {
    this.flush()
    this.#output.end()
  }

  #read(chunk: Buffer): void {
    this.#incoming.push(chunk)
    this.#buffered += chunk.byteLength
    for (let frame = this.#takeFrame(); frame !== undefined; frame = this.#takeFrame()) {
      // The other end is this class, in a process of ours.
      for (const message of readFrame(frame) as Incoming[]) this.#receive(message)
    }
  }

  /** The next frame, once it is whole. A frame in many chunks is put together once, not at each chunk. */
  #takeFrame(): Buffer | undefined {
    if (this.#buffered < HEADER_LENGTH) return undefined
    if ((this.#incoming[0]?.byteLength ?? 0) < HEADER_LENGTH) this.#incoming = [Buffer.concat(this.#incoming)]
    const end = HEADER_LENGTH + (this.#incoming[0]?.readUInt32LE(0) ?? 0)
    if (this.#buffered < end) return undefined
    const whole = this.#incoming.length === 1 ? this.#incoming[0] : Buffer.concat(this.#incoming)
    if (whole === undefined) return undefined
    this.#buffered -= end
    this.#incoming = this.#buffered === 0 ? [] : [whole.subarray(end)]
    return whole.subarray(0, end)
  }
}

function describeFrame(frame: Buffer, length: number, form: number): Buffer {
  frame.writeUInt32LE(length)
  frame[HEADER_LENGTH - 1] = form
  return frame
}

function readFrame(frame: Buffer): unknown[] {
  if (frame[HEADER_LENGTH - 1] === FORM.clone) return [deserialize(frame.subarray(HEADER_LENGTH))]
  return JSON.parse(frame.toString('utf8', HEADER_LENGTH))
}

/**
 * Reads structured-clone data. Typed arrays own their buffers: node would leave them as windows of the frame, in which
 * the bytes of other calls stand.
 */
function deserialize(content: Buffer): unknown {
  const deserializer = new OwningDeserializer(content)
  deserializer.readHeader()
  return deserializer.readValue()
}

class OwningDeserializer extends v8.DefaultDeserializer {
  // The name is node's: what a Deserializer calls for views, which V8 leaves to the embedder.
  _readHostObject(): unknown {
    const view: unknown = Reflect.get(v8.DefaultDeserializer.prototype, '_readHostObject').call(this)
    if (view instanceof DataView || !ArrayBuffer.isView(view)) return view
    // What is left is a typed array; a copy of it owns its buffer. A Buffer's own slice would not be a copy.
    return Uint8Array.prototype.slice.call(view)
  }
}
