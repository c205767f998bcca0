import type { Exposition, Sample } from './exposition.ts'

/** One reading of the metrics of a server. */
export interface Reading {
  /** Milliseconds, of a clock that never goes back. */
  readonly at: number
  readonly exposition: Exposition
}

/** Two readings, or the first one alone. */
export interface Readings {
  readonly before: Reading | undefined
  readonly after: Reading
}

/** The series of a metric. */
export function seriesOf({ exposition }: Reading, name: string): readonly Sample[] {
  return exposition.get(name) ?? []
}

/** The value of a gauge, its series added up; undefined without a series. */
export function totalOf(reading: Reading, metric: string): number | undefined {
  const series = seriesOf(reading, metric)
  return series.length === 0 ? undefined : sum(series)
}

/** The values of a metric by one of its labels, in the order of its values. */
export function valuesBy(samples: readonly Sample[], label: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const { labels, value } of samples) {
    const key = labels.get(label) ?? ''
    values.set(key, (values.get(key) ?? 0) + value)
  }
  return new Map([...values].sort(([first], [second]) => first.localeCompare(second, 'en', { numeric: true })))
}

/**
 * How much each series of a counter grew. One that is less than it was began again from nothing, and so did one that was
 * not there: the server keeps counting from its start.
 */
export function increasesOf({ before, after }: Readings, metric: string): readonly Sample[] | undefined {
  if (before === undefined) return undefined
  const old = new Map(seriesOf(before, metric).map(sample => [keyOf(sample), sample.value]))
  return seriesOf(after, metric).map(sample => ({ ...sample, value: increase(old.get(keyOf(sample)), sample.value) }))
}

/** How much a counter grew, all series together. */
export function increaseOf(readings: Readings, metric: string): number | undefined {
  const increases = increasesOf(readings, metric)
  return increases === undefined || increases.length === 0 ? undefined : sum(increases)
}

/** The time between two readings, in seconds. */
export function secondsBetween({ before, after }: Readings): number | undefined {
  return before === undefined || after.at <= before.at ? undefined : (after.at - before.at) / 1000
}

/** The labels that distinguish a series from others of its metric. */
export function keyOf({ labels }: Sample, without?: string): string {
  return JSON.stringify([...labels].filter(([name]) => name !== without).sort())
}

function increase(before: number | undefined, after: number): number {
  return before === undefined || after < before ? after : after - before
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0)
}
