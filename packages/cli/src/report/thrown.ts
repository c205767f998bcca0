import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { SourceLocation } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { ownFile } from '../files/own-file.ts'
import { toPath } from '../files/to-path.ts'

/** In a checkout neither package is below a node_modules. */
const OWN_FOLDERS: readonly string[] = [
  ownFile('dist/'),
  ownFile('src/'),
  `${dirname(createRequire(import.meta.url).resolve('incant/package.json'))}${sep}dist${sep}`,
]

/** Any thrown value, as text: an `Error`'s message, and never an error of its own. */
export function describeThrown(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `${typeof thrown} ${JSON.stringify(thrown)}`
  } catch {
    return 'a value that cannot be shown'
  }
}

/** The first line of a stack that is the user's own: not Node's, not a package's, not ours. */
export function locateThrown(thrown: unknown): SourceLocation | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  return stack
    .split('\n')
    .map(readFrame)
    .find(location => location !== undefined)
}

/** `    at Predictor.setup (/a/predictor.ts:4:11)`, `    at async file:///a/predictor.ts:4:11`. */
function readFrame(line: string): SourceLocation | undefined {
  const match = /^\s+at (?:.*[\s(])?(file:\/\/[^\s)]+|\/[^)]+):(\d+):(\d+)\)?$/.exec(line)
  if (match === null) return undefined
  const [, place = '', row, column] = match
  const path = toPath(place)
  const isForeign = /[\\/]node_modules[\\/]/.test(path) || OWN_FOLDERS.some(folder => path.startsWith(folder))
  return isForeign ? undefined : { file: displayPath(path), line: Number(row), column: Number(column) }
}
