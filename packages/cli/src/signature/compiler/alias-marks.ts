// The type of an alias of a primitive (`type Score = number`) keeps no trace of the alias, whose JSDoc may restrict it.
// So the compiler is given a text in which such an alias has a mark in its type, which goes wherever the type goes:
// through type arguments, conditional and mapped types, inference, other files. The mark is an interface that every value
// has, so the same values are assignable as before.
//
// It is an object type, though, and a text, a number or a list with a mark is one as well. So their mark has an optional
// member under a symbol. It tells what a mapped type has taken apart, and conditional types that ask for an object are
// given a text in which that member excludes texts and numbers: in files whose JSDoc counts whatever they ask for, in all
// others the common spellings of any object.

/**
 * Around each insertion: a white space character for the compiler that people do not type (U+1680). It distinguishes
 * the insertions from the text.
 */
const FENCE = '\u1680'
const INSERTIONS = new RegExp(`${FENCE}[^${FENCE}]*${FENCE}`, 'g')

const MARK = 'IncantMark'
const VALUE_MARK = 'IncantMarkOfValue'
const LIST_MARK = 'IncantMarkOfList'
const UNMARKED = 'IncantUnmarked'
const MARK_KEY = 'incantMark'
const LIST_KEY = 'incantMarkOfList'

/** A conditional type's question whether a type is any object, up to the question mark. */
const ASKS_FOR_OBJECT = /\bextends\s+(?:object|Record<string,\s*any>|\{\s*\[\w+:\s*string\]:\s*any;?\s*\})(?=\s*\?)/g
const MARKED = 'IncantMarked'
const ASKED = 'IncantAsked'

/** The declarations that marked text refers to. Literals stay as they are, so that the predictor's code narrows as before. */
export const MARK_DECLARATIONS: string = `declare const ${MARK_KEY}: unique symbol
declare const ${LIST_KEY}: unique symbol
interface ${MARK}<Alias> {}
interface ${VALUE_MARK}<Alias> { readonly [${MARK_KEY}]?: Alias }
interface ${LIST_MARK}<Alias> { readonly [${LIST_KEY}]?: Alias }
interface ${UNMARKED} { readonly [${MARK_KEY}]?: never }
type ${ASKED}<Asked> =
  Asked extends object ? string extends Asked ? Asked : number extends Asked ? Asked : Asked & ${UNMARKED} : Asked
type ${MARKED}<Alias, T> =
  T extends null | undefined | void | boolean ? T
  : T extends string ? string extends T ? T & ${VALUE_MARK}<Alias> : {} extends Record<T, 1> ? T & ${VALUE_MARK}<Alias> : T
  : T extends number ? number extends T ? T & ${VALUE_MARK}<Alias> : T
  : T extends bigint ? bigint extends T ? T & ${VALUE_MARK}<Alias> : T
  : T extends readonly unknown[] ? T & ${LIST_MARK}<Alias>
  : T & ${MARK}<Alias>
`

/** A part of a text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The part of a text that is an alias's type. */
export interface AliasedType extends Span {
  /** The alias's key. */
  readonly key: string
}

/** Whether a text has a conditional type that a mark could mislead. */
export function asksForObject(text: string): boolean {
  return text.search(ASKS_FOR_OBJECT) !== -1
}

/**
 * A text with a mark in the type of each of these aliases, and with conditional types that marks do not mislead.
 *
 * @param asked - What its conditional types ask for. Undefined: the common spellings of any object are looked for.
 */
export function withMarks(text: string, aliased: readonly AliasedType[], asked: readonly Span[] | undefined): string {
  const insertions = aliased.flatMap(({ key, start, end }) => [
    { at: start, text: `${MARKED}<${JSON.stringify(key)}, ` },
    { at: end, text: '>' },
  ])
  const questions = asked === undefined ? excludeMarks(text) : asked.flatMap(wrapAsked)
  return insert(text, [...insertions, ...questions])
}

interface Insertion {
  readonly at: number
  readonly text: string
}

/** Joined once: the declarations of a package can be megabytes with thousands of insertions. Of two at one place the later is the first. */
function insert(text: string, insertions: readonly Insertion[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { at, text: inserted } of insertions.toReversed().sort((first, second) => first.at - second.at)) {
    pieces.push(text.slice(from, at), FENCE, inserted, FENCE)
    from = at
  }
  return pieces.join('') + text.slice(from)
}

function excludeMarks(text: string): readonly Insertion[] {
  return [...text.matchAll(ASKS_FOR_OBJECT)].map(match => ({
    at: match.index + match[0].length,
    text: ` & ${UNMARKED}`,
  }))
}

function wrapAsked({ start, end }: Span): readonly Insertion[] {
  return [
    { at: start, text: `${ASKED}<` },
    { at: end, text: '>' },
  ]
}

/** A text as it was written. */
export function withoutMarks(text: string): string {
  return text.includes(FENCE) ? text.replace(INSERTIONS, '') : text
}

/** Whether a name is that of the mark. */
export function isMarkName(name: string): boolean {
  return name === MARK || name === VALUE_MARK || name === LIST_MARK
}

/** Whether the name of a member, as the compiler has it, is that of a mark's. */
export function isMarkKey(escapedName: string): boolean {
  return escapedName.startsWith(`__@${MARK_KEY}@`) || escapedName.startsWith(`__@${LIST_KEY}@`)
}

/** A type as the compiler writes it, its marks replaced by the aliases' names. */
export function withoutMarkTypes(text: string): string {
  return text
    .replace(/(?:\b[\w.]+(?:\[\])* & )?IncantMark(?:OfValue|OfList)?<"([^"#]+)#[^"]*">/g, '$1')
    .replace(/IncantMarked<"[^"]*", ([^<>]*)>/g, '$1')
}
