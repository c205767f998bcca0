import type { PackedContent } from '../../http/document-reader.ts'
import { makeClone, readClone } from './frame.ts'
import { decodeValue, encodeValue, type WireValue } from './wire-value.ts'

/**
 * Packs a payload where it was read, so that it crosses the front as bytes.
 *
 * @throws {TypeError} For an instance of a class, which would arrive as a plain object.
 */
export function packValue(value: unknown, isValidated: boolean): PackedContent {
  const { isJSON, ...encoded } = encodeValue(value)
  if (isJSON) return { isJSON, isValidated, content: Buffer.from(JSON.stringify(encoded.value)), attached: [] }
  return { isJSON, isValidated, ...makeClone(encoded, true) }
}

/** The payload that {@link packValue} was given. */
export function unpackValue({ isJSON, content, attached }: PackedContent): unknown {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (isJSON) return JSON.parse(bytes.toString())
  const rest = attached.values()
  // The channel has made every view own its buffer, and there are as many as the clone speaks of.
  const take = (): ArrayBuffer => (rest.next().value?.buffer ?? new ArrayBuffer(0)) as ArrayBuffer
  // Packed by the function above.
  return decodeValue(readClone(bytes, take) as WireValue)
}
