import { readFileSync } from 'node:fs'
import { type SourceLocation, StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { toPath } from '../files/to-path.ts'
import { describeThrown, locateThrown } from '../report/thrown.ts'

/** Converts an error thrown while loading a predictor to one that says where, and how to fix it. */
export function toLoadError(file: string, thrown: unknown): StartupError {
  if (StartupError.is(thrown)) return thrown
  return toSyntaxError(thrown) ?? toMissingModule(file, thrown) ?? toLinkError(thrown) ?? toThrow(file, thrown)
}

/** esbuild's report: `Transform failed with 1 error:\n/a/predictor.ts:3:5: ERROR: Expected ";"`. */
function toSyntaxError(thrown: unknown): StartupError | undefined {
  const report = /^(.+?):(\d+):(\d+): ERROR: (.+)$/m.exec(messageOf(thrown))
  if (report === null) return undefined
  const [, path = '', line, column, found = ''] = report
  return new StartupError({
    code: 'syntax_error',
    ...(found.startsWith('Top-level await') ? AWAIT_IN_COMMONJS : { found: `the file does not parse: ${found}` }),
    location: { file: displayPath(path), line: Number(line), column: Number(column) + 1 },
    cause: thrown,
  })
}

/** A file that no kind of package makes a module: its name says CommonJS, or its syntax does. */
const AWAIT_IN_COMMONJS = {
  found: 'top-level await does not work in a CommonJS file',
  instead: 'Rename the file to .mts and write import for require, or await in setup().',
}

const MISSING = /^Cannot find (?:module|package) '([^']+)'(?:.*? imported from (.+?))?(?:\n|$)/

function toMissingModule(file: string, thrown: unknown): StartupError | undefined {
  const match = MISSING.exec(messageOf(thrown))
  if (match === null) return undefined
  const [, target = '', parent] = match
  const importer = importingFile(thrown, parent) ?? file
  const location = findImport(importer, target)
  return new StartupError({
    code: 'import_failed',
    found: `cannot find ${location.specifier ?? displayPath(toPath(target))}`,
    instead: adviseImport(location.specifier ?? target),
    location: location.place,
    cause: thrown,
  })
}

function adviseImport(specifier: string): string {
  if (isPackage(specifier)) return `Install it (npm install ${packageName(specifier)}), or correct the import.`
  // A native addon that was not built when its package was installed.
  if (/\.node"?$/.test(specifier)) return 'Build it (npm rebuild), or correct the path.'
  return 'Correct the path in the import.'
}

/** The file that imports: CommonJS lists it first in `requireStack`. */
function importingFile(thrown: unknown, parent: string | undefined): string | undefined {
  if (parent !== undefined) return toPath(parent)
  const stack: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'requireStack') : undefined
  return Array.isArray(stack) && typeof stack[0] === 'string' ? stack[0] : undefined
}

interface FoundImport {
  readonly place: SourceLocation
  readonly specifier?: string
}

/** The line of the import: the specifier whose end is the end of what was looked for. */
function findImport(importer: string, target: string): FoundImport {
  const file = displayPath(importer)
  const wanted = toPath(target).replace(/\.[cm]?[jt]s$/, '')
  for (const [index, line] of readLines(importer).entries()) {
    const match = /(?:from|import|require)\s*\(?\s*(['"])(.+?)\1/.exec(line)
    const specifier = match?.[2]
    if (specifier === undefined || !wanted.endsWith(specifier.replace(/^[./]+/, '').replace(/\.[cm]?[jt]s$/, '')))
      continue
    return { place: { file, line: index + 1, column: line.indexOf(specifier) }, specifier: `"${specifier}"` }
  }
  return { place: { file } }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function isPackage(specifier: string): boolean {
  return /^"?[^./"\\]/.test(specifier) && !specifier.startsWith('file:')
}

function packageName(specifier: string): string {
  const name = specifier.replaceAll('"', '')
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** A SyntaxError of Node's own begins its stack with the place: a name that a module does not export, broken JavaScript. */
function toLinkError(thrown: unknown): StartupError | undefined {
  if (!(thrown instanceof SyntaxError)) return undefined
  const match = /^(file:\/\/[^\n]+?|\/[^\n]+?):(\d+)\n/.exec(thrown.stack ?? '')
  if (match === null) return undefined
  const isLink = thrown.message.includes('does not provide an export')
  return new StartupError({
    code: isLink ? 'import_failed' : 'syntax_error',
    found: isLink ? thrown.message : `the file does not parse: ${thrown.message}`,
    location: { file: displayPath(toPath(match[1] ?? '')), line: Number(match[2]) },
    cause: thrown,
  })
}

function toThrow(file: string, thrown: unknown): StartupError {
  return new StartupError({
    code: 'import_failed',
    found: `loading the file threw ${describeThrown(thrown)}`,
    instead: 'Code outside the class runs when the file loads; load the model in setup().',
    location: locateThrown(thrown) ?? { file: displayPath(file) },
    cause: thrown,
  })
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : ''
}
