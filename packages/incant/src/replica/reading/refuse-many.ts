import { RequestError } from '../../errors/request-error.ts'

/** Numbers that cost as much as one other value, since they cross as bytes. */
const NUMBERS = 10

/**
 * Refuses a payload of so many values that the loop which takes it over would feel them. Of the numbers in an array, ten count
 * as one value.
 *
 * @throws {RequestError} `body_too_large`.
 */
export function refuseMany(payload: unknown, maximum: number): void {
  const waiting: unknown[] = [payload]
  let count = 0
  for (let value = waiting.pop(); count <= maximum; value = waiting.pop()) {
    count += 1
    if (isNumbers(value)) count += value.length / NUMBERS
    else if (typeof value === 'object' && value !== null) {
      // One by one: there may be more of them than a call can have arguments.
      for (const inner of Object.values(value)) waiting.push(inner)
    }
    if (waiting.length === 0 && count <= maximum) return
  }
  throw new RequestError('body_too_large', {
    detail: `The body may have ${maximum} values; ten numbers in an array count as one.`,
  })
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(element => typeof element === 'number')
}
