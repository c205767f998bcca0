import { nextTurn } from '../../async/next-turn.ts'
import { type FormLimits, formTooLarge, invalidText } from './form-limits.ts'
import { type FormEntry, ReceivedForm } from './received-form.ts'

const AMPERSAND = 0x26
const EQUALS = 0x3d
const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), but for bytes that are not UTF-8, which are refused and not
 * replaced.
 *
 * @throws {RequestError} `body_too_large`, `invalid_utf8`.
 */
export async function readUrlencoded(body: Uint8Array, { maxFormFields }: FormLimits): Promise<ReceivedForm> {
  const ends = findEnds(body, maxFormFields)
  const starts = [0, ...ends.map(end => end + 1)]
  const pairs = [...ends, body.length].map((end, index) => body.subarray(starts[index], end))
  const entries: FormEntry[] = []
  for (const pair of pairs) if (pair.length > 0) entries.push(await readPair(pair))
  return new ReceivedForm(entries)
}

/** Where the fields end but for the last one. Empty ones count, too. */
function findEnds(body: Uint8Array, maximum: number): readonly number[] {
  const ends: number[] = []
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    ends.push(at)
    if (ends.length >= maximum) throw formTooLarge(`A form may have ${maximum} fields.`)
  }
  return ends
}

async function readPair(pair: Uint8Array): Promise<readonly [string, string]> {
  const equals = pair.indexOf(EQUALS)
  if (equals === -1) return [await decode(pair), '']
  return [await decode(pair.subarray(0, equals)), await decode(pair.subarray(equals + 1))]
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

async function decode(encoded: Uint8Array): Promise<string> {
  const progress = { encoded, decoded: new Uint8Array(encoded.length), read: 0, written: 0 }
  while (decodeSlice(progress)) await nextTurn()
  try {
    return decoder.decode(progress.decoded.subarray(0, progress.written))
  } catch {
    throw invalidText('The text of a form')
  }
}

/** A text that is being decoded. */
interface Progress {
  readonly encoded: Uint8Array
  readonly decoded: Uint8Array
  read: number
  written: number
}

/** Bytes that are decoded in one turn: a few milliseconds. */
const SLICE = 1_048_576

/**
 * Decodes the next slice. Returns whether there is more. A percent sign without two hexadecimal digits after it is
 * literal.
 */
function decodeSlice(progress: Progress): boolean {
  const { encoded, decoded } = progress
  const end = Math.min(encoded.length, progress.read + SLICE)
  let { read, written } = progress
  for (; read < end; read += 1) {
    const byte = encoded[read] ?? 0
    if (byte === PERCENT) {
      const value = digitOf(encoded[read + 1]) * 16 + digitOf(encoded[read + 2])
      decoded[written] = value >= 0 ? value : byte
      if (value >= 0) read += 2
    } else decoded[written] = byte === PLUS ? SPACE : byte
    written += 1
  }
  Object.assign(progress, { read, written })
  return read < encoded.length
}

/** Less than any sum with a digit that comes to zero. */
const NO_DIGIT = -1000

/** The value of a hexadecimal digit. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NO_DIGIT
}
