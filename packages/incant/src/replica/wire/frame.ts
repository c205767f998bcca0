import v8 from 'node:v8'

/** The kind of content of a frame. */
export const ENCODING = { json: 0, clone: 1 } as const

/** Bytes before a frame's content: its length, that of the bytes that follow it, and the encoding it is in. */
export const HEAD_LENGTH = 9

/** A frame's own account of itself. */
export interface FrameHead {
  readonly content: number
  readonly attached: number
  readonly encoding: number
}

/** Writes a head to the beginning of a buffer. */
export function writeHead(buffer: Buffer, { content, attached, encoding }: FrameHead): Buffer {
  buffer.writeUInt32LE(content, 0)
  buffer.writeUInt32LE(attached, 4)
  buffer[8] = encoding
  return buffer
}

/** Reads a head from the beginning of a buffer. */
export function readHead(buffer: Buffer): FrameHead {
  return { content: buffer.readUInt32LE(0), attached: buffer.readUInt32LE(4), encoding: buffer[8] ?? ENCODING.json }
}

/** A structured clone with its bytes beside it, in the order of their references. */
export interface Clone {
  readonly content: Buffer
  readonly attached: readonly Uint8Array[]
}

/** The views that a clone may contain, by number. */
const VIEWS: readonly (new (buffer: ArrayBuffer) => ArrayBufferView)[] = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView],
]

/** The number of node's own view, which knows more than a `Uint8Array`. */
const BUFFER = VIEWS.length

/**
 * Creates a structured clone.
 *
 * @param lend - Whether bytes are passed without a copy: the caller must not write to them any more.
 * @throws {DOMException} `DataCloneError` for a value that structured clone cannot carry, such as a function.
 */
export function makeClone(value: unknown, lend: boolean): Clone {
  const serializer = new AttachingSerializer(lend)
  serializer.writeHeader()
  serializer.writeValue(value)
  return { content: serializer.releaseBuffer(), attached: serializer.attached }
}

/**
 * Reads a structured clone.
 *
 * @param take - Returns the given number of the bytes beside it, in a separate buffer.
 */
export function readClone(content: Buffer, take: (length: number) => ArrayBuffer): unknown {
  const deserializer = new AttachingDeserializer(content, take)
  deserializer.readHeader()
  return deserializer.readValue()
}

class AttachingSerializer extends v8.DefaultSerializer {
  readonly attached: Uint8Array[] = []
  readonly #lend: boolean

  constructor(lend: boolean) {
    super()
    this.#lend = lend
  }

  // The name is node's: what a Serializer calls for views, which V8 leaves to the embedder.
  _writeHostObject(view: ArrayBufferView): void {
    const kind = Buffer.isBuffer(view) ? BUFFER : VIEWS.findIndex(View => view instanceof View)
    // Also what is no view at all but an object of native code.
    if (kind === -1) throw new TypeError(`${Object.prototype.toString.call(view)} cannot be sent to another process`)
    this.writeUint32(kind)
    this.writeUint32(view.byteLength)
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    this.attached.push(this.#lend ? bytes : bytes.slice())
  }
}

class AttachingDeserializer extends v8.DefaultDeserializer {
  readonly #take: (length: number) => ArrayBuffer

  constructor(content: Buffer, take: (length: number) => ArrayBuffer) {
    super(content)
    this.#take = take
  }

  // As above.
  _readHostObject(): ArrayBufferView {
    const kind = this.readUint32()
    const buffer = this.#take(this.readUint32())
    const View = VIEWS[kind]
    return View === undefined ? Buffer.from(buffer) : new View(buffer)
  }
}
