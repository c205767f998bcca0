import { Problems } from '../errors/problems.ts'
import { StartupError } from '../errors/startup-error.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from '../units/quantities.ts'
import type { GivenOptions, OptionDefinition, OptionTable, ResolvedOptions } from './definition.ts'

/** The allowed values of a setting, in words: `a duration such as 500ms, 2s or 1m, at least 1s`. */
export function describeExpectation(definition: OptionDefinition): string {
  switch (definition.kind) {
    case 'duration':
      return `a duration such as 500ms, 2s or 1m${atLeast(definition.minimum, formatDuration)}`
    case 'size':
      return `a size such as 512KiB or 10MiB${atLeast(definition.minimum, formatSize)}`
    case 'integer':
      return `a whole number from ${definition.minimum}${definition.maximum === undefined ? '' : ` to ${definition.maximum}`}${orWords(definition.words)}`
    case 'boolean':
      return 'true or false'
    case 'text':
      return 'a non-empty string'
    case 'choice':
      return `one of ${definition.choices.join(', ')}`
    case 'path':
      return 'a file path'
    case 'list':
      return definition.choices === undefined
        ? `comma-separated values such as ${definition.placeholder}`
        : `comma-separated values out of ${definition.choices.join(', ')}`
  }
}

function orWords(words: { readonly [word: string]: number } = {}): string {
  return Object.keys(words)
    .map(word => `, or ${word}`)
    .join('')
}

function atLeast(minimum: number | undefined, format: (value: number) => string): string {
  return minimum === undefined || minimum === 0 ? '' : `, at least ${format(minimum)}`
}

/** The values of a setting. */
export type OptionValue = number | string | boolean | readonly string[]

/** A setting's value, or undefined where the given one does not fit its definition. */
export function readOption(definition: OptionDefinition, given: unknown): OptionValue | undefined {
  switch (definition.kind) {
    case 'duration':
      return inRange(typeof given === 'string' ? parseDuration(given) : given, definition.minimum ?? 0, 2 ** 31 - 1)
    case 'size':
      return inRange(typeof given === 'string' ? parseSize(given) : given, definition.minimum ?? 0)
    case 'integer':
      return readInteger(definition, given)
    case 'boolean':
      return typeof given === 'boolean' ? given : BOOLEANS.get(given)
    case 'text':
    case 'path':
      return typeof given === 'string' && given !== '' ? given : undefined
    case 'choice':
      return definition.choices.find(choice => choice === given)
    case 'list':
      return readList(given, definition)
  }
}

/** As a program gives it, or as flags and variables spell it: divided by commas. */
function readList(
  given: unknown,
  { startsWith = '', choices }: OptionDefinition & { kind: 'list' },
): readonly string[] | undefined {
  const divider = new RegExp(`,(?=\\s*${startsWith})`)
  const texts: unknown = typeof given === 'string' ? given.split(divider).map(text => text.trim()) : given
  if (!Array.isArray(texts) || texts.length === 0) return undefined
  const isValid = (text: unknown): boolean =>
    typeof text === 'string' && text !== '' && (choices === undefined || choices.includes(text))
  return texts.every(isValid) ? texts : undefined
}

function readInteger(definition: OptionDefinition & { kind: 'integer' }, given: unknown): number | undefined {
  const word = Object.entries(definition.words ?? {}).find(([name]) => name === given)
  if (word !== undefined) return word[1]
  const number = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
  return inRange(number, definition.minimum, definition.maximum)
}

/** As flags and environment variables spell them. */
const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])

function inRange(value: unknown, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
    ? value
    : undefined
}

/**
 * Reads settings once, against their table.
 *
 * @throws {StartupError} `unknown_option`, `invalid_option`, with everything that is wrong.
 */
export function readOptions<const Table extends OptionTable>(
  table: Table,
  given: GivenOptions<Table>,
): ResolvedOptions<Table> {
  const problems = new Problems()
  for (const name of Object.keys(given)) problems.try(() => refuseUnknown(name, table), undefined)
  const entries = Object.entries(table).map(([name, definition]) => {
    const value = problems.try(() => readNamed(name, definition, given[name]), definition.default)
    return [name, value]
  })
  // The entries are exactly the table's names, each read by its definition.
  return problems.finish(() => Object.fromEntries(entries) as ResolvedOptions<Table>)
}

function refuseUnknown(name: string, table: OptionTable): void {
  if (Object.hasOwn(table, name)) return
  throw new StartupError({
    code: 'unknown_option',
    found: `there is no option "${name}"`,
    instead: `The options are ${Object.keys(table).join(', ')}.`,
  })
}

function readNamed(name: string, definition: OptionDefinition, given: unknown): OptionValue {
  if (given === undefined) return definition.default
  const value = readOption(definition, given)
  if (value !== undefined) return value
  throw new StartupError({
    code: 'invalid_option',
    found: `the option "${name}" is ${describeGiven(given)}`,
    instead: `Use ${describeExpectation(definition)}.`,
  })
}

function describeGiven(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given)
  return typeof given === 'number' || typeof given === 'boolean' ? String(given) : `a ${typeof given}`
}
