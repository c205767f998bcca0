import { type FormLimits, formTooLarge, invalidText } from './form-limits.ts'
import { ReceivedForm } from './received-form.ts'

const AMPERSAND = 0x26
const PERCENT = 0x25

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), but for bytes that are not UTF-8, which are refused and not
 * replaced.
 *
 * @throws {RequestError} `body_too_large`, `invalid_utf8`.
 */
export function readUrlencoded(body: Uint8Array, { maxFormFields }: FormLimits): ReceivedForm {
  refuseMany(body, maxFormFields)
  const pairs = decode(body)
    .split('&')
    .filter(pair => pair !== '')
  return new ReceivedForm(pairs.map(readPair))
}

/** Before anything is split. Empty pairs count, too. */
function refuseMany(body: Uint8Array, maximum: number): void {
  let fields = 1
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    fields += 1
    if (fields > maximum) throw formTooLarge(`A form may have ${maximum} fields.`)
  }
}

function readPair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=')
  const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
  return [decodePercent(name), decodePercent(value)]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw invalidText('The text of a form')
  }
}

/** A percent sign that no two hexadecimal digits follow stands for itself. */
function decodePercent(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  const bytes = encoder.encode(spaced)
  let length = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0
    const [high, low] = byte === PERCENT ? [digitOf(bytes[index + 1]), digitOf(bytes[index + 2])] : [-1, -1]
    const isEscape = high >= 0 && low >= 0
    bytes[length] = isEscape ? high * 16 + low : byte
    if (isEscape) index += 2
    length += 1
  }
  return decode(bytes.subarray(0, length))
}

/** The value of a hexadecimal digit; -1 for anything else. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
