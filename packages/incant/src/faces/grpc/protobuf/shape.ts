/** The types of single values. In a repeated field numbers come as a typed array: bits as bytes, `int64` as `BigInt64Array`. */
export type Scalar = 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float' | 'double' | 'string' | 'bytes'

/** One field of a message. */
export interface FieldShape {
  readonly id: number
  readonly type: Scalar | AnyShape
  readonly repeated?: true
}

/** A message as data, by the names of its fields. */
export interface AnyShape {
  readonly [name: string]: FieldShape
}

/**
 * A message as data. A `map` is its repeated entries, of `key` and `value`; a `oneof` is its fields, of which a reader sees
 * those that were sent. A field that was not sent is absent.
 */
export type MessageShape<Message> = { readonly [Name in keyof Message]-?: FieldShape }

/** How a value begins: by its length, or by what it is. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** The wire type of one value of a type. */
export function wireTypeOf(type: FieldShape['type']): number {
  if (typeof type === 'object' || type === 'string' || type === 'bytes') return WIRE.bytes
  if (type === 'float') return WIRE.fixed32
  return type === 'double' ? WIRE.fixed64 : WIRE.varint
}
