/** A duration: milliseconds, or a number with a unit: `500ms`, `2s`, `1m`, `1h`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h'}`

/** A size: bytes, or a number with a unit: `512B`, `64KiB`, `10MiB`, `1GiB`. */
export type Size = number | `${number}${'B' | 'KiB' | 'MiB' | 'GiB'}`

type Units = ReadonlyMap<string, number>

const DURATIONS: Units = new Map(Object.entries({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }))
const SIZES: Units = new Map(Object.entries({ B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }))

function parseQuantity(text: string, units: Units): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text.trim())
  const unit = units.get(match?.[2] ?? '')
  // To the nearest billionth, since 1.1 times 1000 is not quite 1100.
  return unit === undefined ? undefined : Math.round(Number(match?.[1]) * unit * 1e9) / 1e9
}

/** `2s` → 2000. A bare `0` needs no unit. Undefined where it is not a duration. */
export function parseDuration(text: string): number | undefined {
  return text.trim() === '0' ? 0 : parseQuantity(text, DURATIONS)
}

/** `10MiB` → 10485760. A bare number counts bytes. Undefined where it is not a size. */
export function parseSize(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text) : parseQuantity(text, SIZES)
}

function formatQuantity(value: number, units: Units): string {
  const fitting = [...units].filter(([, factor]) => value >= factor && value % factor === 0)
  const [unit, factor] = fitting.at(-1) ?? [...units][0] ?? ['', 1]
  return `${value / factor}${unit}`
}

/** 2000 → `2s`, with the largest unit that divides it. */
export function formatDuration(milliseconds: number): string {
  return formatQuantity(milliseconds, DURATIONS)
}

/** 10485760 → `10MiB`, with the largest unit that divides it. */
export function formatSize(bytes: number): string {
  return formatQuantity(bytes, SIZES)
}

/** A duration as a program gives it, in milliseconds. Undefined where it is none. */
export function readDuration(given: unknown): number | undefined {
  const milliseconds = typeof given === 'string' ? parseDuration(given) : given
  return typeof milliseconds === 'number' && milliseconds >= 0 ? milliseconds : undefined
}
