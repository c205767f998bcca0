import { StartupError } from '../errors/startup-error.ts'
import type { JSONSchema } from '../schema/json-schema.ts'
import type { Constraint } from './constraint.ts'
import { DECODERS, decodedText } from './decode.ts'
import { formatRule } from './format.ts'
import { count } from './words.ts'

/** The constraints of a schema on a string. */
export function stringConstraints(schema: JSONSchema): readonly Constraint<string>[] {
  const { minLength, maxLength, pattern, format } = schema
  const decoded = decodedText(schema)
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
    // A pattern may be one that is quick on short texts alone: a text that is too long is not tried.
    const longest = maxLength === undefined ? Infinity : maxLength * 2
    const accepts = (value: string): boolean => value.length <= longest && expression.test(value)
    constraints.push({ accepts, message: `must match the pattern ${pattern}` })
  }
  if (decoded !== undefined) constraints.push(DECODERS[decoded].constraint)
  else if (rule !== undefined) constraints.push(rule)
  return constraints
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
