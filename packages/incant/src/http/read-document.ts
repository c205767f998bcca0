import { RequestError } from '../errors/request-error.ts'
import type { Places } from '../json/cut-arrays.ts'
import type { NumberKind } from '../validation/number-view.ts'
import type { Validation } from '../validation/validation.ts'
import { decodeText, type JSONLimits, parseJSON, refuseInfinite } from './parse-json.ts'
import { readNumbers } from './read-numbers.ts'

/** How a body that is a payload or a text is read. */
export interface DocumentPlan {
  readonly role: 'payload' | 'text'
  /** Whether a schema will look at each number of it. */
  readonly hasSchema: boolean
  readonly limits: JSONLimits
  /** Where a payload may have arrays of numbers. */
  readonly numbers?: Places<NumberKind> | undefined
  /** Whether they may be `FlatNumbers` at first, since the payload goes to another process. */
  readonly isFlat?: boolean
}

/**
 * Reads a body as what predict takes, not yet validated.
 *
 * @param isJSON - Whether the body is declared as JSON; used for a text alone.
 * @throws {RequestError} The errors of {@link parseJSON}; `invalid_payload` where a text is not a JSON string.
 */
export function readDocument(bytes: Uint8Array, isJSON: boolean, plan: DocumentPlan): unknown {
  const { role, hasSchema, limits, numbers: places, isFlat = false } = plan
  if (role === 'text') return isJSON ? readJSONString(bytes, limits) : decodeText(bytes)
  const read = places && readNumbers(bytes, { places, isFlat, limits })
  const payload = read === undefined ? parseJSON(bytes, limits) : read.value
  // A schema checks each of its numbers; without one this is the only check.
  if (!hasSchema) refuseInfinite(payload)
  return payload
}

function readJSONString(bytes: Uint8Array, limits: JSONLimits): string {
  const value = parseJSON(bytes, limits)
  if (typeof value === 'string') return value
  throw new RequestError('invalid_payload', { issues: [{ pointer: '#', detail: 'must be a string' }] })
}

/**
 * The value that a validator has found to be right.
 *
 * @throws {RequestError} `invalid_payload`.
 */
export function takeValid(result: Validation): unknown {
  if (result.ok) return result.value
  throw new RequestError('invalid_payload', {
    detail: 'The payload does not match what predict takes.',
    issues: result.issues,
  })
}
