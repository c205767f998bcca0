import { encodeBase64 } from '../../../json/base64.ts'
import { isObject } from '../../../validation/json-types.ts'

/** How the numbers of an embedding are written. */
export type EncodingFormat = 'float' | 'base64'

/** An embedding as predict gave it: numbers, and the tokens that it took where predict says so. */
export interface GivenEmbedding {
  readonly numbers: ArrayLike<number>
  readonly tokens: number
}

/** Reads an embedding; undefined where it is none. */
export function readEmbedding(value: unknown): GivenEmbedding | undefined {
  if (isNumbers(value)) return { numbers: value, tokens: 0 }
  const { embedding, usage } = isObject(value) ? value : {}
  if (!isNumbers(embedding)) return undefined
  const tokens = isObject(usage) ? usage['prompt_tokens'] : undefined
  return { numbers: embedding, tokens: typeof tokens === 'number' ? tokens : 0 }
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  if (value instanceof Float32Array || value instanceof Float64Array) return value.every(Number.isFinite)
  return Array.isArray(value) && value.every(Number.isFinite)
}

/** An embedding as JSON text: an array, or the bytes of 32-bit floats in base64. The same numbers either way. */
export function writeNumbers(numbers: ArrayLike<number>, format: EncodingFormat): string {
  if (format === 'float') return JSON.stringify(Array.from(numbers))
  // Bytes in the order of this machine, which is the one of the API on every machine that runs JavaScript today.
  const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers)
  return `"${encodeBase64(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength))}"`
}
