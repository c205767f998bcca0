import type { OptionDefinition } from 'incant'

const DURATIONS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const
const SIZES = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
] as const

/** A default as it would be given: with the largest unit that divides it. */
export function formatDefault(definition: OptionDefinition): string {
  if (definition.kind === 'duration') return formatQuantity(definition.default, DURATIONS)
  if (definition.kind === 'size') return formatQuantity(definition.default, SIZES)
  return String(definition.default)
}

function formatQuantity(value: number, units: readonly (readonly [string, number])[]): string {
  const [unit, factor] = units.find(([, size]) => value >= size && value % size === 0) ?? ['', 1]
  return `${value / factor}${unit}`
}
