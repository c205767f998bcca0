/** Arrays of numbers of a fixed kind, which a server writes as JSON arrays. */
type NumberView =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** Bytes that may stand inside JSON, where they travel as base64. */
type Bytes = Uint8Array | ArrayBuffer

/** What JSON has no form for: a member of this kind is left out, or ends the call with a 500. */
type Absent = bigint | symbol | Map<unknown, unknown> | Set<unknown> | ((...parameters: never[]) => unknown)

/**
 * What a value is once it has come over the wire as JSON: a `Date` is a string, a `Float32Array` an array of numbers, and
 * methods are gone.
 */
export type Received<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends { toJSON(...parameters: never[]): infer Written }
      ? Value extends NumberView
        ? number[]
        : Received<Written>
      : Value extends NumberView
        ? number[]
        : Value extends Absent
          ? never
          : Value extends readonly unknown[]
            ? { [Index in keyof Value]: Received<Value[Index]> }
            : { [Name in keyof Value as Value[Name] extends Absent ? never : Name]: Received<Value[Name]> }

/**
 * What may be given for a value that goes over the wire as JSON: the value itself, or the form it travels in. A `Date` may
 * be an ISO string, a `bigint` a decimal string, bytes base64. Arrays may be read-only.
 */
export type Sendable<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends Date
      ? Date | string
      : Value extends bigint
        ? bigint | string
        : Value extends Bytes
          ? Bytes | string
          : { readonly [Name in keyof Value]: Sendable<Value[Name]> }
