import { formatLocation, type SourceLocation } from 'incant/signature'

/** A warning about a source file. */
export interface LocatedWarning {
  readonly message: string
  readonly location?: SourceLocation | undefined
}

/** A warning on one line, its place first. */
export function describeWarning({ message, location }: LocatedWarning): string {
  return location === undefined ? message : `${formatLocation(location)}: ${message}`
}

/** Shows a warning to the person at the terminal. */
export function printWarning(message: string): void {
  process.stderr.write(`incant: warning: ${message}\n`)
}
