import { type Type, TypeFlags } from '../compiler/compiler.ts'

const NUMBER = '(?:[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|0[xX][\\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)'
const BIGINT = '-?(?:0|[1-9]\\d*)'

/**
 * A template literal type as a regular expression. `undefined` where a placeholder is something else than a string, a
 * number or a bigint (unions in placeholders are alternatives before they come here).
 *
 * The checker gives each `${string}` the shortest text up to what follows it, and one character where another
 * placeholder follows at once; so does the expression.
 */
export function templatePattern(texts: readonly string[], placeholders: readonly Type[]): string | undefined {
  const parts = placeholders.map((type, index) => {
    const following = texts[index + 1] ?? ''
    return placeholderPattern(type, following, index === placeholders.length - 1)
  })
  if (parts.some(part => part === undefined)) return undefined
  return `^${texts.map((text, index) => escapePattern(text) + (parts[index] ?? '')).join('')}$`
}

function placeholderPattern(type: Type, following: string, isLast: boolean): string | undefined {
  if (type.flags & TypeFlags.Number) return NUMBER
  if (type.flags & TypeFlags.BigInt) return BIGINT
  if (!(type.flags & (TypeFlags.String | TypeFlags.Any))) return undefined
  if (isLast) return '[\\s\\S]*'
  return following === '' ? '[\\s\\S]' : `(?:(?!${escapePattern(following)})[\\s\\S])*`
}

/** Text as a regular expression (with the `u` flag) that matches it. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Member names that an index signature with number keys covers: those that are a number's own text. */
export const NUMERIC_KEY = '^(?:-?(?:0|[1-9]\\d*)(?:\\.\\d*[1-9])?(?:e[+-]\\d+)?|-?Infinity|NaN)$'
