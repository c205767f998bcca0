import type { Sample } from './exposition.ts'
import { keyOf, type Reading, type Readings } from './series.ts'

/** The observations between two readings. */
export interface Histogram {
  /** How many observations were at most this large, by ascending bounds; the last is infinite. */
  readonly buckets: readonly Bucket[]
  readonly count: number
  readonly sum: number
}

interface Bucket {
  readonly upperBound: number
  readonly count: number
}

/** Which series count: all, or those whose labels say yes. */
export type Choose = (sample: Sample) => boolean

/** The observations of a histogram between two readings, over the chosen series; undefined before the second reading. */
export function observedBetween(
  { before, after }: Readings,
  name: string,
  choose: Choose = () => true,
): Histogram | undefined {
  if (before === undefined) return undefined
  const old = groupSeries(before, name, choose)
  const grown = [...groupSeries(after, name, choose)].map(([key, series]) => subtract(series, old.get(key)))
  return { buckets: addBuckets(grown), count: total(grown, 'count'), sum: total(grown, 'sum') }
}

/** One series: each bucket's count by its bound, as written. */
interface Series {
  readonly buckets: ReadonlyMap<number, number>
  readonly count: number
  readonly sum: number
}

function groupSeries({ exposition }: Reading, name: string, choose: Choose): ReadonlyMap<string, Series> {
  const buckets = new Map<string, Map<number, number>>()
  for (const sample of exposition.get(`${name}_bucket`)?.filter(choose) ?? []) {
    const key = keyOf(sample, 'le')
    buckets.set(key, (buckets.get(key) ?? new Map()).set(readBound(sample), sample.value))
  }
  const counts = valuesByKey(exposition.get(`${name}_count`))
  const sums = valuesByKey(exposition.get(`${name}_sum`))
  return new Map(
    [...buckets].map(([key, found]) => [key, { buckets: found, count: counts.get(key) ?? 0, sum: sums.get(key) ?? 0 }]),
  )
}

function readBound({ labels }: Sample): number {
  const text = labels.get('le') ?? ''
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text)
}

function valuesByKey(samples: readonly Sample[] = []): ReadonlyMap<string, number> {
  return new Map(samples.map(sample => [keyOf(sample), sample.value]))
}

/** A series with less in any bucket than it had began again, all of it. */
function subtract(after: Series, before: Series | undefined): Series {
  const began = before === undefined || [...before.buckets].some(([le, count]) => (after.buckets.get(le) ?? 0) < count)
  if (began) return after
  const buckets = [...after.buckets].map(([le, count]) => [le, count - (before.buckets.get(le) ?? 0)] as const)
  return { buckets: new Map(buckets), count: after.count - before.count, sum: after.sum - before.sum }
}

function addBuckets(series: readonly Series[]): readonly Bucket[] {
  const counts = new Map<number, number>()
  for (const [le, count] of series.flatMap(({ buckets }) => [...buckets])) counts.set(le, (counts.get(le) ?? 0) + count)
  return [...counts]
    .filter(([upperBound]) => !Number.isNaN(upperBound))
    .sort(([first], [second]) => first - second)
    .map(([upperBound, count]) => ({ upperBound, count }))
}

function total(series: readonly Series[], part: 'count' | 'sum'): number {
  return series.reduce((all, one) => all + one[part], 0)
}

/**
 * The value below which a share of the observations lies, as Prometheus' `histogram_quantile` has it: linear within a
 * bucket, from zero in the first, and the largest finite bound for what lies beyond it. Undefined where nothing was
 * observed.
 */
export function quantile(share: number, { buckets }: Pick<Histogram, 'buckets'>): number | undefined {
  const observed = buckets.at(-1)
  if (buckets.length < 2 || observed?.upperBound !== Number.POSITIVE_INFINITY || !(observed.count > 0)) return undefined
  const rank = share * observed.count
  const index = buckets.findIndex(({ count }) => count >= rank)
  const bucket = buckets[index]
  const below = buckets[index - 1]
  if (bucket === undefined || bucket === observed) return buckets.at(-2)?.upperBound
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound
  const start = below?.upperBound ?? 0
  const counted = below?.count ?? 0
  return start + (bucket.upperBound - start) * ((rank - counted) / (bucket.count - counted))
}
