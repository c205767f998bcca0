import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/metrics/definitions.ts'
import { parseExposition } from '../../src/readings/exposition.ts'
import { observedBetween, quantile } from '../../src/readings/histogram.ts'
import type { Reading } from '../../src/readings/series.ts'
import { expose } from './expose.ts'

const INFINITE = Number.POSITIVE_INFINITY
const buckets = (...pairs: readonly (readonly [number, number])[]) => ({
  buckets: pairs.map(([upperBound, count]) => ({ upperBound, count })),
})

describe('a quantile', () => {
  // Expected values are those of histogram_quantile in Prometheus 2.42 for the same buckets.
  it.each([
    ['in the first bucket from zero', 0.5, buckets([0.1, 10], [1, 10], [INFINITE, 10]), 0.05],
    ['linear within a bucket', 0.9, buckets([0.1, 5], [1, 10], [INFINITE, 10]), 0.82],
    ['at a bound', 0.5, buckets([0.1, 5], [1, 10], [INFINITE, 10]), 0.1],
    ['the largest bound for what lies beyond', 0.99, buckets([0.1, 5], [1, 5], [INFINITE, 10]), 1],
    ['the bound of a first bucket below zero', 0.1, buckets([-1, 5], [1, 10], [INFINITE, 10]), -1],
  ])('is %s', (_, share, given, expected) => {
    expect(quantile(share, given)).toBeCloseTo(expected, 12)
  })

  it.each([
    ['nothing was observed', buckets([0.1, 0], [INFINITE, 0])],
    ['there is one bucket', buckets([INFINITE, 3])],
    ['the last bucket is finite', buckets([0.1, 3], [1, 3])],
    ['there are no buckets', buckets()],
  ])('is unknown where %s', (_, given) => {
    expect(quantile(0.5, given)).toBeUndefined()
  })

  it('grows with the share, and lies in the bucket of what was observed', () => {
    const bounds = METRICS.requestDuration.buckets ?? []
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const at = (part: number) => quantile(part, observe(values)) ?? Number.NaN
          expect(at(share)).toBeGreaterThanOrEqual(at(share / 2))
          const rank = Math.max(Math.ceil(share * values.length), 1)
          const real = [...values].sort((first, second) => first - second)[rank - 1] ?? Number.NaN
          const upper = bounds.find(bound => real <= bound) ?? Number.NaN
          const lower = bounds[bounds.indexOf(upper) - 1] ?? 0
          expect(at(share)).toBeGreaterThanOrEqual(lower - 1e-9)
          expect(at(share)).toBeLessThanOrEqual(upper + 1e-9)
        },
      ),
    )
  })
})

describe('what was observed between two readings', () => {
  it('is the difference, added up over the chosen series', () => {
    const before = read({ 'route="/predict"': [0.2], 'route="/ready"': [0.2] })
    const after = read({ 'route="/predict"': [0.2, 0.02, 0.03], 'route="/ready"': [0.2, 0.2] })
    const all = observedBetween({ before, after }, METRICS.requestDuration.name)
    expect([all?.count, all?.sum]).toEqual([3, expect.closeTo(0.25)])
    const chosen = observedBetween(
      { before, after },
      METRICS.requestDuration.name,
      ({ labels }) => labels.get('route') === '/predict',
    )
    expect(chosen?.buckets.at(-1)?.count).toBe(2)
    expect(chosen && quantile(1, chosen)).toBe(0.05)
  })

  it('is all there is where the server began again, or a series is new', () => {
    const before = read({ 'route="/predict"': [0.2, 0.2, 0.2] })
    const after = read({ 'route="/predict"': [0.02], 'route="/ready"': [0.02] })
    const observed = observedBetween({ before, after }, METRICS.requestDuration.name)
    expect(observed?.buckets.at(-1)?.count).toBe(2)
    expect([observed?.count, observed?.sum]).toEqual([2, expect.closeTo(0.04)])
  })

  it('is not known before the second reading', () => {
    expect(observedBetween({ before: undefined, after: read({}) }, METRICS.requestDuration.name)).toBeUndefined()
  })
})

function observe(values: readonly number[]) {
  const bounds = [...(METRICS.requestDuration.buckets ?? []), INFINITE]
  return buckets(...bounds.map(bound => [bound, values.filter(value => value <= bound).length] as const))
}

function read(observed: Record<string, readonly number[]>): Reading {
  return { at: 0, exposition: parseExposition(expose({ requestDuration: observed })) }
}
