import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SourceLocation, StartupErrorCode } from 'incant/internal/signature'
import { clip, type Line, span, widthOf } from '../terminal/text.ts'

/** Cells of the longest line that is shown. */
const WIDTH = 100

const SOURCE = /\.[cm]?[jt]sx?$/
const SETTINGS = /\.(?:ya?ml|json)$/
/** A member of YAML or JSON, up to its value. */
const MEMBER = /^\s*(?:- )?["']?[\w.-]+["']?\s*:/
const TEXT = /(['"`])((?:\\.|(?!\1).)*)\1/g

/**
 * The line of a location with a caret below the place, as compilers show it. Nothing where the file cannot be read or
 * the line may contain a secret: values of a settings file are left out, and so are the string literals of an
 * authentication decorator.
 */
export function excerptOf({ file, line, column }: SourceLocation, code: StartupErrorCode): readonly Line[] {
  const shown = line === undefined ? undefined : showable(file, readLine(file, line), code)
  if (shown === undefined) return []
  const number = `${line}`
  const gutter = span(`${' '.repeat(number.length)} |`, 'faint')
  const { text, from } = fit(shown, column ?? 1)
  const source: Line = [span(`${number} | `, 'faint'), span(text)]
  if (column === undefined || column > shown.length) return [[gutter], source]
  const before = shown.slice(from, column - 1)
  const width = widthOf(clip(shown.slice(column - 1, column - 1 + lengthAt(shown, column)), WIDTH - widthOf(before)))
  return [[gutter], source, [gutter, span(` ${' '.repeat(widthOf(before))}`), span('^'.repeat(width), 'error')]]
}

function readLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(resolve(file), 'utf8').split(/\r?\n/)[line - 1]?.replaceAll('\t', ' ')
  } catch {
    return undefined
  }
}

function showable(file: string, text: string | undefined, code: StartupErrorCode): string | undefined {
  if (text === undefined || text.trim() === '') return undefined
  if (SOURCE.test(file)) return code === 'invalid_auth' ? withoutTexts(text) : text
  const member = SETTINGS.test(file) ? MEMBER.exec(text)?.[0] : undefined
  return member === undefined ? undefined : `${member} …`
}

/** Undefined where a literal goes on over several lines. */
function withoutTexts(text: string): string | undefined {
  const hidden = text.replace(
    TEXT,
    (_whole, quote: string, inside: string) => quote + '·'.repeat(inside.length) + quote,
  )
  return /['"`]/.test(text.replace(TEXT, '')) ? undefined : hidden
}

/** A long line, such as one of bundled code, from a little before the place. */
function fit(text: string, column: number): { text: string; from: number } {
  const from = column < WIDTH * 0.8 ? 0 : column - WIDTH / 2
  return { text: clip(text.slice(from), WIDTH), from }
}

/** The word, or the quoted text, that begins at a column. */
function lengthAt(text: string, column: number): number {
  return /^(?:[\w$]+|(['"]).*?\1|.)/u.exec(text.slice(column - 1))?.[0].length ?? 1
}
