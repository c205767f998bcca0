import { type Type, TypeFlags } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'

/** Characters that a number or a bigint may be written with. */
const NUMERIC = /^[\d.+\-eExXoObBa-fA-F]/

/**
 * A template literal type as a regular expression. `undefined` where a placeholder is something else than a string, a
 * number or a bigint (unions in placeholders are alternatives before they come here).
 *
 * The checker gives each placeholder the shortest text up to what follows it, and one character where another
 * placeholder follows at once; so does the expression. Each text can thus be divided in one way only, and the time a
 * match takes grows with the length of the text, not with a power of it.
 */
export function templatePattern(texts: readonly string[], placeholders: readonly Type[]): string | undefined {
  const parts = placeholders.map((type, index) => {
    const isLast = index === placeholders.length - 1
    return placeholderPattern(type, isLast ? undefined : (texts[index + 1] ?? ''))
  })
  if (parts.some(part => part === undefined)) return undefined
  return `^${texts.map((text, index) => escapePattern(text) + (parts[index] ?? '')).join('')}$`
}

/** @param following - The text that ends the placeholder; `undefined` where that is the end of the template. */
function placeholderPattern(placeholder: Type, following: string | undefined): string | undefined {
  const type = withoutBrand(placeholder)
  if (type.flags & TypeFlags.Number) return following === '' ? '\\d' : numberPattern(guard(following))
  if (type.flags & TypeFlags.BigInt) return following === '' ? '\\d' : bigintPattern(guard(following))
  if (!(type.flags & (TypeFlags.String | TypeFlags.Any))) return undefined
  if (following === undefined) return '[\\s\\S]*'
  return following === '' ? '[\\s\\S]' : `(?:(?!${escapePattern(following)})[\\s\\S])*`
}

/** A string with a brand is a string. */
function withoutBrand(type: Type): Type {
  const primitive = TypeFlags.String | TypeFlags.Number | TypeFlags.BigInt
  return type.isIntersectionType() ? (constituentsOf(type).find(({ flags }) => flags & primitive) ?? type) : type
}

/** Puts before each character of a number that what follows the number does not begin there, where it could. */
function guard(following = ''): (character: string) => string {
  if (!NUMERIC.test(following)) return character => character
  return character => `(?:(?!${escapePattern(following)})${character})`
}

function numberPattern(take: (character: string) => string): string {
  const digits = `${take('\\d')}+`
  const fraction = `${digits}(?:${take('\\.')}${take('\\d')}*)?|${take('\\.')}${digits}`
  const decimal = `${take('[+-]')}?(?:${fraction})(?:${take('[eE]')}${take('[+-]')}?${digits})?`
  const radix = (letters: string, digit: string): string => `${take('0')}${take(letters)}${take(digit)}+`
  return `(?:${[decimal, radix('[xX]', '[\\da-fA-F]'), radix('[oO]', '[0-7]'), radix('[bB]', '[01]')].join('|')})`
}

function bigintPattern(take: (character: string) => string): string {
  return `${take('-')}?(?:${take('0')}|${take('[1-9]')}${take('\\d')}*)`
}

/** Text as a regular expression (with the `u` flag) that matches it. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Member names that an index signature with number keys covers: those that are a number's own text. */
export const NUMERIC_KEY = '^(?:-?(?:0|[1-9]\\d*)(?:\\.\\d*[1-9])?(?:e[+-]\\d+)?|-?Infinity|NaN)$'
