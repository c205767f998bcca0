import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { Ledger } from '../../src/metrics/ledger.ts'
import { ProcessLedger } from '../../src/metrics/process-ledger.ts'
import type { MetricChange } from '../../src/metrics/publisher.ts'

const counted = (by: number, labels = {}): MetricChange => ({
  name: 'a_total',
  help: 'a',
  type: 'counter',
  samples: [['a_total', labels, by]],
})
const measured = (value: number | string | null, name = 'b'): MetricChange => ({
  name,
  help: name,
  type: 'gauge',
  samples: [[name, {}, value]],
})

function makeLedger() {
  let full = 0
  const ledger = new Ledger(() => {
    full += 1
  })
  const values = (name: string) =>
    ledger
      .list()
      .flatMap(metric => (metric.name === name ? metric.samples.map(({ labels, value }) => [labels, value]) : []))
  return { ledger, values, timesFull: () => full }
}

const FIRST = { replica: '0', generation: 1 }
const SECOND = { replica: '0', generation: 2 }
const OTHER = { replica: '1', generation: 3 }

describe('a ledger', () => {
  it('sums what processes count, and keeps it when they are gone', () => {
    const { ledger, values } = makeLedger()
    ledger.apply(FIRST, [counted(2)])
    ledger.apply(OTHER, [counted(3)])
    ledger.forget(FIRST)
    ledger.apply(SECOND, [counted(4)])
    expect(values('a_total')).toEqual([[{}, 9]])
  })

  it('has one value of a gauge for a replica: that of the process that was it last', () => {
    const { ledger, values } = makeLedger()
    ledger.apply(FIRST, [measured(1)])
    ledger.apply(SECOND, [measured(2)])
    ledger.apply(FIRST, [measured(3)])
    ledger.forget(FIRST)
    ledger.apply(OTHER, [measured('Infinity')])
    expect(values('b')).toEqual([
      [{ replica: '0' }, 2],
      [{ replica: '1' }, Number.POSITIVE_INFINITY],
    ])
    ledger.forget(SECOND)
    ledger.apply(OTHER, [measured(null)])
    expect(values('b')).toEqual([])
  })

  it('leaves out what has a name of the server', () => {
    const { ledger } = makeLedger()
    ledger.apply(FIRST, [measured(1, 'incant_ready'), measured(1, 'incant_custom')])
    expect(ledger.list().map(({ name }) => name)).toEqual(['incant_custom'])
  })

  it('begins anew with a name that has become something else', () => {
    const { ledger, values } = makeLedger()
    ledger.apply(FIRST, [counted(2)])
    ledger.apply(SECOND, [{ ...measured(7, 'a_total') }])
    expect(values('a_total')).toEqual([[{ replica: '0' }, 7]])
  })

  it('holds so many values, says once that it is full, and goes on with those it has', () => {
    const { ledger, values, timesFull } = makeLedger()
    for (let id = 0; id < 25_000; id += 1) ledger.apply(FIRST, [counted(1, { id: String(id) })])
    ledger.apply(FIRST, [counted(1, { id: '5' })])
    expect([values('a_total').length, timesFull()]).toEqual([20_000, 1])
    expect(values('a_total')[5]).toEqual([{ id: '5' }, 2])
  })

  it('has room again for what a process took with it', () => {
    const { ledger, timesFull } = makeLedger()
    const many = (): MetricChange => ({
      ...measured(1),
      samples: Array.from({ length: 15_000 }, (_, id) => ['b', { id: String(id) }, 1] as const),
    })
    for (let generation = 1; generation < 5; generation += 1) ledger.apply({ replica: '0', generation }, [many()])
    ledger.forget({ replica: '0', generation: 4 })
    ledger.apply(OTHER, [many()])
    expect(timesFull()).toBe(0)
  })
})

describe('processes', () => {
  const figures = (cpuSeconds: number) => ({
    residentMemory: cpuSeconds,
    heapUsed: 0,
    cpuSeconds,
    delayMedian: 0,
    delayP99: 0,
  })

  it('have their processor time summed over all that a replica has been, two at a time too', () => {
    const ledger = new ProcessLedger()
    ledger.report(FIRST, figures(2))
    ledger.report(FIRST, figures(3))
    ledger.report(SECOND, figures(1))
    ledger.report(FIRST, figures(5))
    expect(ledger.list()).toEqual([{ replica: '0', cpuSeconds: 6, figures: figures(1) }])
    ledger.forget(FIRST)
    ledger.report(SECOND, figures(2))
    expect(ledger.list()).toEqual([{ replica: '0', cpuSeconds: 7, figures: figures(2) }])
    ledger.forget(SECOND)
    expect(ledger.list()).toEqual([{ replica: '0', cpuSeconds: 7, figures: undefined }])
  })
})

describe('a histogram', () => {
  it.each([
    [0, 0],
    [1, 0],
    [1.01, 1],
    [10, 1],
    [11, 2],
    [Number.POSITIVE_INFINITY, 2],
  ])('counts %s in bucket %s', (value, bucket) => {
    const histogram = new Histogram([1, 10])
    histogram.observe(value)
    expect(histogram.counts.map((count, index) => (count > 0 ? index : -1)).filter(index => index >= 0)).toEqual([
      bucket,
    ])
  })

  it('gives what it has once, for another to add', () => {
    const [one, other] = [new Histogram([1, 10]), new Histogram([1, 10])]
    for (const value of [0.5, 5, 50]) one.observe(value)
    other.add(one.take() ?? { counts: [], sum: 0 })
    other.observe(2)
    expect([one.take(), one.sum]).toEqual([undefined, 0])
    expect([other.counts, other.sum]).toEqual([[1, 2, 1], 57.5])
  })
})
