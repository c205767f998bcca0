import type { PackedContent } from '../../http/document-reader.ts'
import { decodeValue, encodeValue, type WireValue } from './wire-value.ts'

/**
 * Packs a payload where it was read, so that it crosses the front as bytes.
 *
 * @throws {TypeError} For an instance of a class, which would arrive as a plain object.
 */
export function packValue(value: unknown, isValidated: boolean): PackedContent {
  const { wire, attached } = encodeValue(value)
  if (!('isClone' in wire)) return { isJSON: true, isValidated, content: Buffer.from(JSON.stringify(wire)), attached }
  const [content = new Uint8Array(0), ...others] = attached
  return { isJSON: false, isValidated, content, attached: others }
}

/** The payload that {@link packValue} was given. */
export function unpackValue({ isJSON, content, attached }: PackedContent): unknown {
  if (!isJSON) return decodeValue({ isClone: true }, [content, ...attached].values())
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString()
  // Packed by the function above.
  return decodeValue(JSON.parse(text) as WireValue, attached.values())
}
