import { inspect } from 'node:util'
import { formatLocation, type SourceLocation, StartupError } from 'incant/signature'
import { displayPath } from '../files/display-path.ts'
import { describeThrown, locateThrown } from './thrown.ts'

/**
 * A start-up error as a developer reads it: where, what was found, what to do instead. Stacks only for debugging. What
 * is no StartupError is a defect of Incant's own, and says so.
 */
export function formatError(thrown: unknown, debug: boolean): string {
  const text = StartupError.is(thrown) ? formatStartupError(thrown) : formatDefect(thrown)
  return debug ? `${text}\n\n${formatStack(thrown)}` : text
}

function formatStartupError(error: StartupError): string {
  const location = error.location ?? locateThrown(error.cause)
  const where = location === undefined ? '' : `${formatLocation(shorten(location))}: `
  const instead = error.instead === undefined ? '' : `\n  ${error.instead}`
  return `incant: ${where}${error.found}${instead}`
}

function shorten(location: SourceLocation): SourceLocation {
  return { ...location, file: displayPath(location.file) }
}

function formatDefect(thrown: unknown): string {
  return `incant: this is a defect in incant itself: ${describeThrown(thrown)}\n  Run the command again with --debug and report what it prints.`
}

function formatStack(thrown: unknown): string {
  try {
    return inspect(thrown, { depth: 4 })
  } catch {
    return 'The thrown value cannot be shown.'
  }
}
