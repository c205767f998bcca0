import { StartupError } from '../../errors/startup-error.ts'
import type { JSONSchema } from '../json-schema.ts'
import { DECODERS } from './decode.ts'
import { formatRule } from './format.ts'
import { count } from './words.ts'

/** One thing that must hold for a value of the right type. */
export interface Constraint<Value> {
  readonly accepts: (value: Value) => boolean
  readonly message: string
}

/** What a schema asks of a number, besides being one. */
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

/** What a schema asks of a string, besides being one. */
export function stringConstraints(schema: JSONSchema): readonly Constraint<string>[] {
  const { minLength, maxLength, pattern, format } = schema
  const decoded = schema['x-incant-type']
  const rule = format === undefined ? undefined : formatRule(format)
  const constraints: Constraint<string>[] = []
  if (minLength !== undefined) {
    const message = `must have at least ${count(minLength, 'character')}`
    constraints.push({ accepts: value => hasAtLeast(value, minLength), message })
  }
  if (maxLength !== undefined) {
    const message = `must have at most ${count(maxLength, 'character')}`
    constraints.push({ accepts: value => !hasAtLeast(value, maxLength + 1), message })
  }
  if (pattern !== undefined) {
    const expression = compilePattern(pattern)
    constraints.push({ accepts: value => expression.test(value), message: `must match the pattern ${pattern}` })
  }
  if (decoded !== undefined) constraints.push(DECODERS[decoded].constraint)
  else if (rule !== undefined) constraints.push(rule)
  return constraints
}

/** One test for all constraints, without messages. */
export function acceptsAll<Value>(constraints: readonly Constraint<Value>[]): (value: Value) => boolean {
  const [first, ...rest] = constraints
  if (first === undefined) return () => true
  if (rest.length === 0) return first.accepts
  return value => constraints.every(constraint => constraint.accepts(value))
}

/**
 * Compiles a `pattern`.
 *
 * @throws StartupError `invalid_signature` where it is no regular expression.
 */
export function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch (cause) {
    const found = `The pattern ${JSON.stringify(pattern)} is not a regular expression`
    throw new StartupError({
      code: 'invalid_signature',
      found,
      instead: 'Write it as new RegExp(pattern, "u") takes it.',
      cause,
    })
  }
}

/** The quotient is an integer, or as near to one as two rounded decimals give: 0.3 is a multiple of 0.1. */
export function isMultipleOf(value: number, step: number): boolean {
  const quotient = value / step
  return Number.isInteger(quotient) || Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON
}

/** Counts code points only where the number of UTF-16 units leaves it open. */
function hasAtLeast(text: string, length: number): boolean {
  if (text.length < length) return false
  return text.length >= length * 2 || countCodePoints(text) >= length
}

function countCodePoints(text: string): number {
  let pairs = 0
  for (let index = 1; index < text.length; index++) {
    if (isLowSurrogate(text.charCodeAt(index)) && isHighSurrogate(text.charCodeAt(index - 1))) pairs++
  }
  return text.length - pairs
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
