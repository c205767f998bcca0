/** Typed arrays that travel as JSON arrays of numbers. */
type NumberView =
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** Typed arrays that travel as JSON arrays of decimal strings. */
type BigIntView = BigInt64Array | BigUint64Array

/** Bytes, which travel inside JSON as base64. A `Buffer` is one. */
type Bytes = Uint8Array | ArrayBuffer

/** Types without a form in JSON: a member of this kind is left out, or ends the call with a 500. */
type Absent = symbol | Map<unknown, unknown> | Set<unknown> | ((...parameters: never[]) => unknown)

/**
 * What a value is once it has come over the wire as JSON: a `Date` and a `bigint` are strings, bytes are base64, other
 * typed arrays are arrays, and methods are gone. The reverse of {@link Sendable}, by the table in docs/types.md.
 */
export type Received<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends bigint
      ? string
      : Value extends NumberView
        ? number[]
        : Value extends BigIntView
          ? string[]
          : Value extends Bytes
            ? string
            : Value extends { toJSON(...parameters: never[]): infer Written }
              ? Received<Written>
              : Value extends Absent
                ? never
                : Value extends readonly unknown[]
                  ? { [Index in keyof Value]: Received<Value[Index]> }
                  : { [Name in keyof Value as Value[Name] extends Absent ? never : Name]: Received<Value[Name]> }

/** The values for the fields of a form: a blob for a file, and bytes if predict takes bytes. */
export type SendableFields<Fields> = Fields extends object
  ? { readonly [Name in keyof Fields]: SendableField<Fields[Name]> }
  : never

type SendableField<Value> = Value extends Blob
  ? Blob
  : Value extends Bytes
    ? Bytes | Blob
    : Value extends readonly (infer Item)[]
      ? readonly SendableField<Item>[]
      : Sendable<Value>

/**
 * What may be given for a value that goes over the wire as JSON: the value itself, or the form it travels in. A `Date` may
 * be an ISO string, a `bigint` a decimal string, bytes base64, another typed array an array. Arrays may be read-only.
 */
export type Sendable<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends Date
      ? Date | string
      : Value extends bigint
        ? bigint | string
        : Value extends NumberView
          ? Value | readonly number[]
          : Value extends BigIntView
            ? Value | readonly (bigint | string)[]
            : Value extends Bytes
              ? Bytes | string
              : { readonly [Name in keyof Value]: Sendable<Value[Name]> }
