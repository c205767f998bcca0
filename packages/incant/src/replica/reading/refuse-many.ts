import { RequestError } from '../../errors/request-error.ts'

/**
 * Refuses a payload of so many values that the loop which takes it over would feel them. An array of numbers counts as one
 * value, since it crosses as bytes.
 *
 * @throws {RequestError} `body_too_large`.
 */
export function refuseMany(payload: unknown, maximum: number): void {
  const waiting: unknown[] = [payload]
  let count = 0
  for (let value = waiting.pop(); count <= maximum; value = waiting.pop()) {
    count += 1
    if (typeof value === 'object' && value !== null && !isNumbers(value)) {
      // One by one: there may be more of them than a call can have arguments.
      for (const inner of Object.values(value)) waiting.push(inner)
    }
    if (waiting.length === 0) return
  }
  throw new RequestError('body_too_large', {
    detail: `The body may have ${maximum} values; an array of numbers is one.`,
  })
}

function isNumbers(value: object): boolean {
  return Array.isArray(value) && value.every(element => typeof element === 'number')
}
