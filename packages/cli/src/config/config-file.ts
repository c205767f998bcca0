import { readFileSync } from 'node:fs'
import { type SourceLocation, StartupError } from 'incant'
import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml'
import { displayPath } from '../files/display-path.ts'

/** The content of a YAML file, with the place of every value in it. */
export interface ConfigFile {
  readonly value: unknown
  /** The place of the value at a path; for a missing one, that of its nearest parent. */
  locate(path: readonly string[]): SourceLocation
}

/**
 * Reads a file as YAML 1.2, of which JSON is a part.
 *
 * @param flag - The option that names it, for messages.
 * @throws {StartupError} `file_not_found`, `invalid_config` with the place of the mistake.
 */
export function readConfigFile(file: string, flag = '--config'): ConfigFile {
  const lines = new LineCounter()
  const document = parseDocument(readText(file, flag), { lineCounter: lines, version: '1.2', prettyErrors: false })
  const locateOffset = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset)
    return { file: displayPath(file), line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  refuseMistakes(document, locateOffset)
  return { value: toValue(document, file), locate: path => locateOffset(findOffset(document, path)) }
}

function readText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartupError({
      code: 'file_not_found',
      found: `${flag}: cannot read ${displayPath(file)}`,
      instead: 'Name a YAML or JSON file.',
      cause,
    })
  }
}

/** Warnings are errors too: a tag that was not resolved is not the value its author meant. */
function refuseMistakes(document: Document, locateOffset: (offset: number) => SourceLocation): void {
  const mistake = document.errors[0] ?? document.warnings[0]
  if (mistake === undefined) return
  throw new StartupError({
    code: 'invalid_config',
    found: `the file does not parse: ${mistake.message}`,
    instead: 'Write YAML 1.2 or JSON, one document.',
    location: locateOffset(mistake.pos[0]),
  })
}

/** The document as plain values. It throws for aliases that grow without bound. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw new StartupError({
      code: 'invalid_config',
      found: `the file does not resolve: ${cause instanceof Error ? cause.message : String(cause)}`,
      location: { file: displayPath(file) },
      cause,
    })
  }
}

/** The offset of a member's key, or of an item. */
function findOffset(document: Document, path: readonly string[]): number {
  const found = path
    .map((_, index) => findStep(document, path.slice(0, index + 1)))
    .filter(offset => offset !== undefined)
  return found.at(-1) ?? document.contents?.range?.[0] ?? 0
}

function findStep(document: Document, path: readonly string[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const key = isMap(parent) ? parent.items.find(pair => keyName(pair) === path.at(-1))?.key : undefined
  const node = key ?? document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

function keyName({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key)
}
