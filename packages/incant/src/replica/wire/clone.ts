import v8 from 'node:v8'
import { makeView, toBytes, viewKind } from './views.ts'

/** A structured clone with the bytes of its views beside it, in the order of their references. */
export interface Clone {
  readonly content: Buffer
  readonly attached: readonly Uint8Array[]
}

/**
 * Creates a structured clone. The bytes of views are passed without a copy.
 *
 * @throws {DOMException} `DataCloneError` for a value that structured clone cannot carry, such as a function.
 */
export function makeClone(value: unknown): Clone {
  const serializer = new AttachingSerializer()
  serializer.writeHeader()
  serializer.writeValue(value)
  return { content: serializer.releaseBuffer(), attached: serializer.attached }
}

/**
 * Reads a structured clone.
 *
 * @param take - Returns the next of the bytes beside it.
 */
export function readClone(content: Uint8Array, take: () => Uint8Array): unknown {
  const deserializer = new AttachingDeserializer(content, take)
  deserializer.readHeader()
  return deserializer.readValue()
}

class AttachingSerializer extends v8.DefaultSerializer {
  readonly attached: Uint8Array[] = []

  // The name is node's: what a Serializer calls for views, which V8 leaves to the embedder.
  _writeHostObject(view: ArrayBufferView): void {
    const kind = viewKind(view)
    // Also what is no view at all but an object of native code.
    if (kind === undefined)
      throw new TypeError(`${Object.prototype.toString.call(view)} cannot be sent to another process`)
    this.writeUint32(kind)
    this.attached.push(toBytes(view))
  }
}

class AttachingDeserializer extends v8.DefaultDeserializer {
  readonly #take: () => Uint8Array

  constructor(content: Uint8Array, take: () => Uint8Array) {
    super(content)
    this.#take = take
  }

  // As above.
  _readHostObject(): ArrayBufferView {
    return makeView(this.readUint32(), this.#take())
  }
}
