import type { Duplex } from 'node:stream'
import v8 from 'node:v8'

/** Bytes of a frame's length, before its content. */
const HEADER_LENGTH = 4

/**
 * Messages over a byte stream: frames of a length and a structured-clone array of messages. What is sent in one tick
 * goes out in one frame, since a frame costs more than the messages in it.
 */
export class Channel<Outgoing, Incoming> {
  readonly #stream: Duplex
  readonly #receive: (message: Incoming) => void
  #outgoing: Outgoing[] = []
  #incoming: Buffer[] = []
  #buffered = 0

  /**
   * @param stream - A socket or pipe, both ways.
   * @param receive - Called with each message, in order.
   */
  constructor(stream: Duplex, receive: (message: Incoming) => void) {
    this.#stream = stream
    this.#receive = receive
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Sends with everything else that is sent in this tick. */
  send(message: Outgoing): void {
    this.#outgoing.push(message)
    if (this.#outgoing.length === 1) setImmediate(() => this.flush())
  }

  /** Sends at once, and what waited before it: for what must be out before this process may be gone. */
  sendNow(message: Outgoing): void {
    this.#outgoing.push(message)
    this.flush()
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#outgoing.length === 0) return
    const content = v8.serialize(this.#outgoing)
    this.#outgoing = []
    if (!this.#stream.writable) return
    const header = Buffer.allocUnsafe(HEADER_LENGTH)
    header.writeUInt32LE(content.byteLength)
    this.#stream.cork()
    this.#stream.write(header)
    this.#stream.write(content)
    this.#stream.uncork()
  }

  /** Ends the stream after what waits. */
  end(): void {
    this.flush()
    this.#stream.end()
  }

  #read(chunk: Buffer): void {
    this.#incoming.push(chunk)
    this.#buffered += chunk.byteLength
    for (let frame = this.#takeFrame(); frame !== undefined; frame = this.#takeFrame()) {
      // The other end is this class, in a process of ours.
      const messages = deserialize(frame) as Incoming[]
      for (const message of messages) this.#receive(message)
    }
  }

  /** The content of the next frame, once it is whole. A frame in many chunks is put together once, not at each chunk. */
  #takeFrame(): Buffer | undefined {
    if (this.#buffered < HEADER_LENGTH) return undefined
    if ((this.#incoming[0]?.byteLength ?? 0) < HEADER_LENGTH) this.#incoming = [Buffer.concat(this.#incoming)]
    const end = HEADER_LENGTH + (this.#incoming[0]?.readUInt32LE(0) ?? 0)
    if (this.#buffered < end) return undefined
    const whole = this.#incoming.length === 1 ? this.#incoming[0] : Buffer.concat(this.#incoming)
    if (whole === undefined) return undefined
    this.#buffered -= end
    this.#incoming = this.#buffered === 0 ? [] : [whole.subarray(end)]
    return whole.subarray(HEADER_LENGTH, end)
  }
}

/**
 * Reads structured-clone data. Typed arrays own their buffers: node would leave them as windows of the frame, in which
 * the bytes of other calls stand.
 */
function deserialize(frame: Buffer): unknown {
  const deserializer = new OwningDeserializer(frame)
  deserializer.readHeader()
  return deserializer.readValue()
}

class OwningDeserializer extends v8.DefaultDeserializer {
  // The name is node's: what a Deserializer calls for views, which V8 leaves to the embedder.
  _readHostObject(): unknown {
    const view: unknown = Reflect.get(v8.DefaultDeserializer.prototype, '_readHostObject').call(this)
    if (view instanceof DataView || !ArrayBuffer.isView(view)) return view
    // What is left is a typed array; a copy of it owns its buffer.
    return (view as Uint8Array).slice()
  }
}
