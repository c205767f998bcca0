import { parseMediaType } from '../media-type.ts'
import type { FormLimits } from './form-limits.ts'
import { readUrlencoded } from './read-urlencoded.ts'
import type { ReceivedForm } from './received-form.ts'

/** The type of a form with files. */
export const MULTIPART = 'multipart/form-data'

/**
 * Reads a form of either kind. The parser of multipart is loaded on demand.
 *
 * @param contentType - The header of the request.
 * @throws {RequestError} `body_too_large`, `invalid_form`, `invalid_utf8`.
 */
export async function readForm(bytes: Uint8Array, contentType: string, limits: FormLimits): Promise<ReceivedForm> {
  if (parseMediaType(contentType).essence !== MULTIPART) return readUrlencoded(bytes, limits)
  const { readMultipart } = await import('./read-multipart.ts')
  return readMultipart(bytes, contentType, limits)
}
