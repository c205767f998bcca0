import { formatLocation } from 'incant/signature'
import type { SignatureWarning } from '../signature/read-signatures.ts'

/** A warning of the reader's on one line, its place first. */
export function describeWarning({ message, location }: SignatureWarning): string {
  return location === undefined ? message : `${formatLocation(location)}: ${message}`
}

/** Shows a warning to the person at the terminal. */
export function printWarning(message: string): void {
  process.stderr.write(`incant: warning: ${message}\n`)
}
