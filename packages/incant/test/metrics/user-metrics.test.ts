import { afterEach, describe, expect, it, vi } from 'vitest'
import { counter, gauge, histogram, promClient, sendMetric } from '../../src/metrics/index.ts'
import { served } from '../node/_served.ts'
import { scrape } from './_scrape.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('sendMetric', () => {
  it('takes any name and tag, and keeps the last value', async () => {
    const names = ['größe', 'a b "c" \\ d', 'line\nend', '\u0000\u001b[31m', '量', '🎉', 'constructor', '__proto__']
    for (const name of names) {
      sendMetric(name, 1, 'tag')
      sendMetric(name, 2.5, 'tag')
      sendMetric(name, -1)
    }
    sendMetric('half \ud800 pair', 4)
    const { server } = await served()
    const seen = await scrape(server)
    for (const name of names) {
      expect(seen.value('incant_custom', { name, tag: 'tag', replica: 'front' })).toBe(2.5)
      expect(seen.value('incant_custom', { name, tag: '', replica: 'front' })).toBe(-1)
    }
    expect(seen.value('incant_custom', { name: 'half \ufffd pair' })).toBe(4)
  })

  it.each<[string, unknown[], RegExp]>([
    ['NaN', ['a', Number.NaN], /^sendMetric: the value of "a" is not a finite number$/],
    ['an infinity', ['a', Number.POSITIVE_INFINITY], /not a finite number/],
    ['a text', ['a', '1'], /not a finite number/],
    ['nothing', ['a'], /not a finite number/],
    ['an empty name', ['', 1], /^sendMetric: the name is not a text with something in it$/],
    ['no name', [undefined, 1], /the name is not a text/],
    ['a number for a tag', ['a', 1, 2], /^sendMetric: the tag of "a" is not a text$/],
  ])('refuses %s', (_name, parameters, message) => {
    const send = sendMetric as (...values: unknown[]) => void
    expect(() => send(...parameters)).toThrow(TypeError)
    expect(() => send(...parameters)).toThrow(message)
  })

  it('keeps so many series, drops the rest and says so once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (let tag = 0; tag < 1500; tag += 1) sendMetric('flood', tag, String(tag))
    sendMetric('flood', 7, '3')
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^sendMetric: there are 1000 pairs .* dropped$/)]])
    const { server } = await served()
    const seen = await scrape(server)
    expect(seen.all('incant_custom')).toHaveLength(1000)
    expect(seen.value('incant_custom', { name: 'flood', tag: '3' })).toBe(7)
    expect(seen.value('incant_custom', { name: 'flood', tag: '1499' })).toBeUndefined()
  })
})

describe('counter, gauge and histogram', () => {
  it('are one for a name', () => {
    expect(counter('same_total', { labels: ['a'] })).toBe(counter('same_total', { labels: ['a'] }))
    expect(gauge('same_gauge')).toBe(gauge('same_gauge'))
    expect(histogram('same_histogram')).toBe(histogram('same_histogram'))
    expect(promClient.register.getSingleMetric('same_total')).toBe(counter('same_total', { labels: ['a'] }))
  })

  it.each<[string, () => unknown, RegExp]>([
    ['another kind', () => gauge('taken_total'), /^gauge: taken_total is a counter with no labels already$/],
    [
      'other labels',
      () => counter('taken_total', { labels: ['a'] }),
      /^counter: taken_total is a counter with no labels already$/,
    ],
    ['a name that is none', () => counter('größe'), /^"größe" is no name of a metric/],
    ['an empty name', () => counter(''), /is no name of a metric/],
    ['a name of ours', () => counter('incant_requests_total'), /begin with incant_ are those of the server$/],
  ])('refuse %s', (_name, make, message) => {
    counter('taken_total')
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  it("are prom-client's own, with all they can do", async () => {
    const counted = counter('whole_total', { help: 'Counted.', labels: ['a', 'b'] })
    const child = counted.labels('x', 'y')
    const level = gauge('whole_level')
    const lengths = histogram('whole_seconds', { buckets: [1, 2], labels: ['a'] })
    const { server } = await served()
    await scrape(server)
    child.inc(2)
    counted.inc({ a: 'x', b: 'y' })
    level.inc(5)
    level.dec(2)
    const end = lengths.labels('x').startTimer()
    end()
    lengths.observe({ a: 'x' }, 1.5)
    const seen = await scrape(server)
    expect(seen.value('whole_total', { a: 'x', b: 'y' })).toBe(3)
    expect(seen.value('whole_level')).toBe(3)
    expect(['1', '2', '+Inf'].map(le => seen.value('whole_seconds_bucket', { a: 'x', le }))).toEqual([1, 2, 2])
    counted.reset()
    await scrape(server)
    child.inc(10)
    level.set(Number.POSITIVE_INFINITY)
    const after = await scrape(server)
    // What was counted before the reset was counted.
    expect(after.value('whole_total', { a: 'x', b: 'y' })).toBe(13)
    expect(after.value('whole_level')).toBe(Number.POSITIVE_INFINITY)
  })

  it('what is removed of a gauge is gone', async () => {
    const level = gauge('removed_level', { labels: ['a'] })
    level.set({ a: 'x' }, 1)
    level.set({ a: 'y' }, 2)
    const { server } = await served()
    expect((await scrape(server)).all('removed_level')).toHaveLength(2)
    level.remove('x')
    expect((await scrape(server)).all('removed_level')).toEqual([
      { name: 'removed_level', labels: { a: 'y', replica: 'front' }, value: 2 },
    ])
  })

  it('a label of the name replica does not hide ours', async () => {
    gauge('labelled_level', { labels: ['replica'] }).set({ replica: 'mine' }, 1)
    const { server } = await served()
    expect((await scrape(server)).all('labelled_level')[0]?.labels).toEqual({
      exported_replica: 'mine',
      replica: 'front',
    })
  })

  it('what cannot be collected, or not soon, holds up no scrape and no other metric', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const make = (name: string, collect: promClient.CollectFunction<promClient.Gauge>) =>
      new promClient.Gauge({ name, help: name, collect })
    make('never_level', () => new Promise<void>(() => {}))
    make('thrown_level', () => {
      throw new Error('not now')
    })
    make('collected_level', function () {
      this.set(42)
    })
    const { server } = await served()
    await scrape(server)
    const seen = await scrape(server)
    expect(seen.value('collected_level')).toBe(42)
    expect([seen.value('never_level'), seen.value('thrown_level')]).toEqual([undefined, undefined])
    expect(warn.mock.calls).toEqual([['the metric thrown_level could not be collected:', new Error('not now')]])
    for (const name of ['never_level', 'thrown_level', 'collected_level']) promClient.register.removeSingleMetric(name)
  })
})
