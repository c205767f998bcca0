import { decodeBase64, isBase64 } from '../json/base64.ts'
import type { DecodedText, DecodedType, JSONSchema } from '../schema/json-schema.ts'
import type { Constraint } from './constraint.ts'
import { isDateTime } from './format.ts'

/** Enough for any number in use; decoding takes more than linear time in the number of digits. */
const MAX_BIGINT_DIGITS = 4096

/** How the string on the wire is checked and becomes the value predict gets. */
interface Decoder {
  readonly constraint: Constraint<string>
  readonly decode: (text: string) => unknown
  /** The value for predict of one that came as it is, not as text; undefined of anything else. */
  readonly receive: (value: unknown) => unknown
}

const BASE64: Constraint<string> = { accepts: isBase64, message: 'must be base64 with padding (RFC 4648 §4)' }

/** The way from the wire to the declared type, for each type that JSON does not have. */
export const DECODERS: { readonly [type in DecodedText]: Decoder } = {
  Date: {
    constraint: { accepts: isDateTime, message: 'must be an RFC 3339 date-time, such as 2024-01-31T12:00:00Z' },
    // ECMA-262 reads the upper-case letters; RFC 3339 §5.6 allows both.
    decode: text => new Date(text.toUpperCase()),
    receive: () => undefined,
  },
  bigint: {
    constraint: {
      accepts: isDecimalInteger,
      message: `must be an integer in decimal digits, at most ${MAX_BIGINT_DIGITS}`,
    },
    decode: BigInt,
    receive: value => (typeof value === 'bigint' ? value : undefined),
  },
  Uint8Array: { constraint: BASE64, decode: decodeBase64, receive: receiveBytes },
  ArrayBuffer: {
    constraint: BASE64,
    decode: text => decodeBase64(text).buffer,
    receive: value => receiveBytes(value)?.slice().buffer,
  },
  Buffer: { constraint: BASE64, decode: text => asBuffer(decodeBase64(text)), receive: receiveBuffer },
}

/** The type into which a string is decoded, where a schema says so. */
export function decodedText(schema: JSONSchema): DecodedText | undefined {
  const type = schema['x-incant-type']
  return type !== undefined && isDecodedText(type) ? type : undefined
}

function isDecodedText(type: DecodedType): type is DecodedText {
  return Object.hasOwn(DECODERS, type)
}

function isDecimalInteger(text: string): boolean {
  return text.length <= MAX_BIGINT_DIGITS + 1 && /^(?:0|-?[1-9]\d*)$/.test(text)
}

function receiveBytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function receiveBuffer(value: unknown): Uint8Array | undefined {
  const bytes = receiveBytes(value)
  return bytes && asBuffer(bytes.slice())
}

/** Only Node and its likes have `Buffer`; where a predictor names it, it is there. */
function asBuffer(bytes: Uint8Array): Uint8Array {
  return typeof Buffer === 'function' ? Buffer.from(bytes.buffer) : bytes
}
