import type { JSONSchema } from '../schema/json-schema.ts'
import type { Constraint } from './constraint.ts'

/** The constraints of a schema on a number. */
export function numberConstraints(schema: JSONSchema, integer: boolean): readonly Constraint<number>[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const constraints: Constraint<number>[] = []
  const add = (limit: number | undefined, words: string, accepts: (value: number, limit: number) => boolean) => {
    if (limit !== undefined) constraints.push({ accepts: value => accepts(value, limit), message: `${words} ${limit}` })
  }
  if (integer) constraints.push({ accepts: Number.isInteger, message: 'must be an integer' })
  // JSON.parse('1e999') is Infinity.
  else constraints.push({ accepts: Number.isFinite, message: 'must be a finite number' })
  add(minimum, 'must be at least', (value, limit) => value >= limit)
  add(maximum, 'must be at most', (value, limit) => value <= limit)
  add(exclusiveMinimum, 'must be greater than', (value, limit) => value > limit)
  add(exclusiveMaximum, 'must be less than', (value, limit) => value < limit)
  add(multipleOf, 'must be a multiple of', isMultipleOf)
  return constraints
}

/** The same, as plain data for {@link isWithin}. */
export interface NumberBounds {
  readonly integer: boolean
  /** Whether anything is asked beyond being a finite number. */
  readonly limited: boolean
  readonly minimum: number
  readonly maximum: number
  readonly exclusiveMinimum: number
  readonly exclusiveMaximum: number
  readonly multipleOf: number | undefined
}

export function numberBounds(schema: JSONSchema, integer: boolean): NumberBounds {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema
  const limited = numberConstraints(schema, integer).length > 1 || integer
  return { integer, limited, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf: schema.multipleOf }
}

/** Whether a value is a finite number within the bounds. It runs for each number of a tensor. */
export function isWithin(value: unknown, bounds: NumberBounds): boolean {
  return (
    typeof value === 'number' &&
    (bounds.integer ? Number.isInteger(value) : Number.isFinite(value)) &&
    value >= bounds.minimum &&
    value <= bounds.maximum &&
    value > bounds.exclusiveMinimum &&
    value < bounds.exclusiveMaximum &&
    (bounds.multipleOf === undefined || isMultipleOf(value, bounds.multipleOf))
  )
}

/** The loop of tensors: {@link isWithin} for every item, with no call through a variable in it. */
export function areWithin(items: ArrayLike<unknown>, bounds: NumberBounds): boolean {
  if (!bounds.limited) return areFinite(items)
  for (let index = 0; index < items.length; index++) {
    if (!isWithin(items[index], bounds)) return false
  }
  return true
}

/** A third of the time of the loop with bounds. Only a finite number gives zero when taken from itself. */
function areFinite(items: ArrayLike<unknown>): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (typeof item !== 'number' || item - item !== 0) return false
  }
  return true
}

/** The quotient is an integer, or as near to one as two rounded decimals give: 0.3 is a multiple of 0.1. */
function isMultipleOf(value: number, step: number): boolean {
  const quotient = value / step
  return Number.isInteger(quotient) || Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON
}
