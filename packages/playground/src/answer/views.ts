/** How a value is drawn. */
export type View = 'text' | 'bars' | 'table' | 'vector' | 'matrix' | 'object' | 'list' | 'plain'

/** A label and its score from 0 to 1. */
export interface Score {
  readonly label: string
  readonly score: number
}

/** Chooses how to draw a value. It depends on the value, not on the declared type. */
export function viewOf(value: unknown): View {
  if (typeof value === 'string') return 'text'
  if (scoresOf(value) !== undefined) return 'bars'
  if (Array.isArray(value)) return viewOfArray(value)
  return typeof value === 'object' && value !== null ? 'object' : 'plain'
}

/** Fewer numbers than this are shown one by one. */
const VECTOR = 8

function viewOfArray(value: readonly unknown[]): View {
  if (value.length > VECTOR && value.every(isNumber)) return 'vector'
  const [first] = value
  const isMatrix = Array.isArray(first) && first.length > 1 && value.length > 1
  if (isMatrix && value.every(row => Array.isArray(row) && row.length === first.length && row.every(isNumber)))
    return 'matrix'
  return value.length > 0 && value.every(isRecord) ? 'table' : 'list'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const LABELS = ['label', 'name', 'class', 'language']
const SCORES = ['score', 'probability', 'confidence']
/** More scores than this are a table. */
const MOST_BARS = 100

/** Reads a value as scores, highest first: a list of labels with scores, or numbers from 0 to 1 by name. */
export function scoresOf(value: unknown): readonly Score[] | undefined {
  const scores = Array.isArray(value) ? value.map(toScore) : isRecord(value) ? Object.entries(value).map(toEntry) : []
  const found = scores.filter(score => score !== undefined)
  if (found.length < 2 && !(Array.isArray(value) && found.length === 1)) return undefined
  if (found.length !== scores.length || found.length > MOST_BARS) return undefined
  return found.toSorted((first, second) => second.score - first.score)
}

function toScore(item: unknown): Score | undefined {
  if (!isRecord(item) || Object.keys(item).length !== 2) return undefined
  const label = LABELS.map(name => item[name]).find(each => typeof each === 'string')
  const score = SCORES.map(name => item[name]).find(isShare)
  return label === undefined || score === undefined ? undefined : { label: String(label), score }
}

function toEntry([label, score]: readonly [string, unknown]): Score | undefined {
  return isShare(score) ? { label, score } : undefined
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** The columns of a table: the members of its first rows. */
export function columnsOf(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(rows.slice(0, 100).flatMap(row => Object.keys(row)))]
}
