import { type AnyShape, type FieldShape, type MessageShape, WIRE, wireTypeOf } from './shape.ts'

/**
 * Writes a message. Singular fields that are absent, and repeated ones that are empty, are left out; one that has the default
 * value of its type is written, as a `oneof` needs it to be.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function encode<Message>(shape: MessageShape<Message>, message: Message): Uint8Array {
  const pieces: Uint8Array[] = []
  // Its keys are the names of the shape.
  writeMessage(shape, message as Values, pieces)
  return join(pieces)
}

type Values = Readonly<Record<string, unknown>>

function writeMessage(shape: AnyShape, message: Values, pieces: Uint8Array[]): void {
  for (const [name, field] of Object.entries(shape)) {
    const value = message[name]
    if (value === undefined) continue
    if (field.repeated !== true) writeField(field, value, pieces)
    // A repeated field is an array, or a typed one.
    else writeRepeated(field, value as ArrayLike<unknown>, pieces)
  }
}

function writeRepeated(field: FieldShape, values: ArrayLike<unknown>, pieces: Uint8Array[]): void {
  if (wireTypeOf(field.type) === WIRE.bytes) {
    for (const value of Array.from(values)) writeField(field, value, pieces)
    return
  }
  if (values.length === 0) return
  const packed = join(Array.from(values, value => scalarBytes(field, value)))
  pieces.push(varint(BigInt((field.id << 3) | WIRE.bytes)), varint(BigInt(packed.byteLength)), packed)
}

function writeField(field: FieldShape, value: unknown, pieces: Uint8Array[]): void {
  pieces.push(varint(BigInt((field.id << 3) | wireTypeOf(field.type))))
  if (wireTypeOf(field.type) !== WIRE.bytes) {
    pieces.push(scalarBytes(field, value))
    return
  }
  const inner = lengthDelimited(field, value)
  const length = inner.reduce((sum, piece) => sum + piece.byteLength, 0)
  pieces.push(varint(BigInt(length)), ...inner)
}

const encoder = new TextEncoder()

/** What the types of the shape promise of a value is not looked at again. */
function lengthDelimited({ type }: FieldShape, value: unknown): Uint8Array[] {
  if (type === 'string') return [encoder.encode(value as string)]
  if (type === 'bytes') return [value as Uint8Array]
  const pieces: Uint8Array[] = []
  writeMessage(type as AnyShape, value as Values, pieces)
  return pieces
}

function scalarBytes({ type }: FieldShape, value: unknown): Uint8Array {
  if (type === 'float') return new Uint8Array(Float32Array.of(value as number).buffer)
  if (type === 'double') return new Uint8Array(Float64Array.of(value as number).buffer)
  return varint(BigInt.asUintN(64, BigInt(value as bigint | number | boolean)))
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
