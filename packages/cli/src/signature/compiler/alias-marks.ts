// The type of an alias of a primitive (`type Score = number`) keeps no trace of the alias, whose JSDoc may restrict it.
// So the compiler is given a text in which such an alias has a mark in its type, which goes wherever the type goes:
// through type arguments, conditional and mapped types, inference, other files. The mark is an empty interface: every
// value has it, so the same values are assignable as before.

/**
 * Around each insertion: a white space character for the compiler that people do not type (U+1680). It distinguishes
 * the insertions from the text.
 */
const FENCE = '\u1680'
const INSERTIONS = new RegExp(`${FENCE}[^${FENCE}]*${FENCE}`, 'g')

const MARK = 'IncantMark'
const MARKED = 'IncantMarked'

/** The declarations that marked text refers to. Literals stay as they are, so that the predictor's code narrows as before. */
export const MARK_DECLARATIONS: string = `interface ${MARK}<Alias> {}
type ${MARKED}<Alias, T> =
  T extends null | undefined | void | boolean ? T
  : T extends string ? string extends T ? T & ${MARK}<Alias> : {} extends Record<T, 1> ? T & ${MARK}<Alias> : T
  : T extends number ? number extends T ? T & ${MARK}<Alias> : T
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
  return name === MARK
}

/** A type as the compiler writes it, its marks replaced by the aliases' names. */
export function withoutMarkTypes(text: string): string {
  return text
    .replace(/(?:\b[\w.]+(?:\[\])* & )?IncantMark<"([^"#]+)#[^"]*">/g, '$1')
    .replace(/IncantMarked<"[^"]*", ([^<>]*)>/g, '$1')
}
