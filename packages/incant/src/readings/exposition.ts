/** One line of an exposition: the value of one series. */
export interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

/** The samples of a server by name: those of a histogram end in `_bucket`, `_sum`, `_count`. */
export type Exposition = ReadonlyMap<string, readonly Sample[]>

/** A text that is not in the format. The message names the line and none of its content. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError'
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+([^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/s
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\[\\"n][^"\\]*)*)"[ \t]*(?:,[ \t]*|$)/y
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

/**
 * Reads Prometheus' text format, version 0.0.4. Comments, help and types are passed over.
 *
 * @throws {ExpositionError} For the first line that is neither.
 */
export function parseExposition(text: string): Exposition {
  const families = new Map<string, Sample[]>()
  for (const [index, line] of text.split('\n').entries()) {
    if (/^[ \t]*(?:#|$)/.test(line)) continue
    const sample = parseSample(line.trimStart())
    if (sample === undefined) throw new ExpositionError(`line ${index + 1} is no sample`)
    const family = families.get(sample.name)
    if (family === undefined) families.set(sample.name, [sample])
    else family.push(sample)
  }
  return families
}

function parseSample(line: string): Sample | undefined {
  const [, name, body, number = ''] = SAMPLE.exec(line) ?? []
  const value = parseValue(number)
  const labels = parseLabels(body ?? '')
  return name === undefined || value === undefined || labels === undefined ? undefined : { name, labels, value }
}

function parseValue(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : SPECIAL.get(text.toLowerCase())
}

function parseLabels(body: string): ReadonlyMap<string, string> | undefined {
  const labels = new Map<string, string>()
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < body.length) {
    const [, name, value] = LABEL.exec(body) ?? []
    // A repeated name would make one of two values win.
    if (name === undefined || value === undefined || labels.has(name)) return undefined
    labels.set(name, unescapeValue(value))
  }
  return labels
}

function unescapeValue(value: string): string {
  return value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}
