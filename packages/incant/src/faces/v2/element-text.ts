import { refuseTensors } from './refusal.ts'
import type { TensorData } from './tensor.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Elements of `BYTES` as texts.
 *
 * @throws {RequestError} `invalid_tensor` for one that is not UTF-8.
 */
export function readText(data: TensorData, name: string): readonly string[] {
  return Array.from(data as readonly (string | Uint8Array)[], element => {
    if (typeof element === 'string') return element
    try {
      return decoder.decode(element)
    } catch {
      throw refuseTensors(`${name} is text, and has an element that is not UTF-8.`)
    }
  })
}
