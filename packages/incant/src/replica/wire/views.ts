/** The views that a message may contain, by number. */
const VIEWS: readonly (new (buffer: ArrayBuffer) => ArrayBufferView)[] = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView],
]

/** The number of node's own view, which knows more than a `Uint8Array`. */
const BUFFER = VIEWS.length

/** The number of a view's class. Undefined: the value is no view. */
export function viewKind(view: ArrayBufferView): number | undefined {
  if (Buffer.isBuffer(view)) return BUFFER
  const kind = VIEWS.findIndex(View => view instanceof View)
  return kind === -1 ? undefined : kind
}

/** The bytes of a view, not copied. */
export function toBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** The view of a class, by its number, with memory that is its own. */
export function makeView(kind: number, bytes: Uint8Array): ArrayBufferView {
  const View = VIEWS[kind]
  const buffer = ownBuffer(bytes)
  return View === undefined ? Buffer.from(buffer) : new View(buffer)
}

/** A buffer with these bytes and no others: theirs, where that is so already. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : new Uint8Array(bytes).buffer
}
