import { inspect } from 'node:util'
import type { ThrownDescription } from '../../errors/describe-thrown.ts'
import { boundText } from './bounded-text.ts'
import { escapeControls } from './control-characters.ts'

/** An error's stack, its other properties, and its causes: one text a line, without control characters. */
export function errorLines(error: unknown): readonly string[] {
  return error === undefined ? [] : boundText(describeError(error)).split(/\r?\n/).map(escapeControls)
}

/**
 * An error in the form of describeThrown, or one that a program logs: its stack, its other properties, and its causes.
 */
function describeError(error: unknown): string {
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null || !('message' in error)) return inspect(error)
  // What has a message is an error of either kind; the rest of it is a string where it is there.
  const description = error as Partial<ThrownDescription>
  const { stack = describeHead(description), properties, cause } = description
  const parts = [stack, properties, cause === undefined ? undefined : `cause: ${describeError(cause)}`]
  return parts.filter(part => part !== undefined).join('\n')
}

/** What is no error has no name to show. */
function describeHead({ name = '', message }: Partial<ThrownDescription>): string {
  return /^[a-z]/.test(name) ? String(message) : `${name}: ${message}`
}
