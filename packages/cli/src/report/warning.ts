import { formatLocation, type SourceLocation } from 'incant/internal/signature'
import { hasColors } from '../terminal/colors.ts'
import { paint, span } from '../terminal/text.ts'

/** A warning about a source file. */
export interface LocatedWarning {
  readonly message: string
  readonly location?: SourceLocation | undefined
}

/** A warning on one line, its place first. */
export function describeWarning({ message, location }: LocatedWarning): string {
  return location === undefined ? message : `${formatLocation(location)}: ${message}`
}

/** Prints a warning on standard error. */
export function printWarning(message: string): void {
  const [first = '', ...more] = message.split('\n')
  const head = [span('warning', 'warning'), span(': '), span(first)]
  const text = [head, ...more.map(line => [span(line)])].map(line => paint(line, hasColors(process.stderr))).join('\n')
  process.stderr.write(`${text}\n`)
}
