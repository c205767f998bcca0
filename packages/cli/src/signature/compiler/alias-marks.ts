// The type of an alias of a primitive (`type Score = number`) keeps no trace of the alias, whose JSDoc may restrict it.
// So the compiler is given a text in which such an alias has a mark in its type, which goes wherever the type goes:
// through type arguments, conditional and mapped types, inference, other files. The mark is an interface that every value
// has, so the same values are assignable as before.
//
// It is an object type, though, and a text or a list with a mark is one as well: \`T extends object ? { [K in keyof T]: … } : T\`
// takes it apart. So their mark has an optional member under a symbol, which tells what was taken apart.

/**
 * Around each insertion: a white space character for the compiler that people do not type (U+1680). It distinguishes
 * the insertions from the text.
 */
const FENCE = '\u1680'
const INSERTIONS = new RegExp(`${FENCE}[^${FENCE}]*${FENCE}`, 'g')

const MARK = 'IncantMark'
const VALUE_MARK = 'IncantMarkOfValue'
const MARK_KEY = 'incantMark'
const MARKED = 'IncantMarked'

/** The declarations that marked text refers to. Literals stay as they are, so that the predictor's code narrows as before. */
export const MARK_DECLARATIONS: string = `declare const ${MARK_KEY}: unique symbol
interface ${MARK}<Alias> {}
interface ${VALUE_MARK}<Alias> { readonly [${MARK_KEY}]?: Alias }
type ${MARKED}<Alias, T> =
  T extends null | undefined | void | boolean ? T
  : T extends string ? string extends T ? T & ${VALUE_MARK}<Alias> : {} extends Record<T, 1> ? T & ${VALUE_MARK}<Alias> : T
  : T extends number ? number extends T ? T & ${VALUE_MARK}<Alias> : T
  : T extends bigint ? bigint extends T ? T & ${VALUE_MARK}<Alias> : T
  : T extends readonly unknown[] ? T & ${VALUE_MARK}<Alias>
  : T & ${MARK}<Alias>
`

/** The part of a text that is an alias's type. */
export interface AliasedType {
  /** The alias's key. */
  readonly key: string
  readonly start: number
  readonly end: number
}

/** A text with a mark in the type of each of these aliases. */
export function withMarks(text: string, aliased: readonly AliasedType[]): string {
  const insertions = aliased.flatMap(({ key, start, end }) => [
    { at: start, text: `${MARKED}<${JSON.stringify(key)}, ` },
    { at: end, text: '>' },
  ])
  return insertions
    .sort((first, second) => second.at - first.at)
    .reduce((rest, { at, text }) => `${rest.slice(0, at)}${FENCE}${text}${FENCE}${rest.slice(at)}`, text)
}

/** A text as it was written. */
export function withoutMarks(text: string): string {
  return text.includes(FENCE) ? text.replace(INSERTIONS, '') : text
}

/** Whether a name is that of the mark. */
export function isMarkName(name: string): boolean {
  return name === MARK || name === VALUE_MARK
}

/** Whether the name of a member, as the compiler has it, is that of a mark's. */
export function isMarkKey(escapedName: string): boolean {
  return escapedName.startsWith(`__@${MARK_KEY}@`)
}

/** A type as the compiler writes it, its marks replaced by the aliases' names. */
export function withoutMarkTypes(text: string): string {
  return text
    .replace(/(?:\b[\w.]+(?:\[\])* & )?IncantMark(?:OfValue)?<"([^"#]+)#[^"]*">/g, '$1')
    .replace(/IncantMarked<"[^"]*", ([^<>]*)>/g, '$1')
}
