import { describe, expect, it } from 'vitest'
import { deriveView, isIncant } from '../../src/readings/derive.ts'
import { parseExposition } from '../../src/readings/exposition.ts'
import type { Reading } from '../../src/readings/series.ts'
import { expose } from './expose.ts'
import { showRounds } from './shown.ts'

const reading = (seconds: number, text: string): Reading => ({ at: seconds * 1000, exposition: parseExposition(text) })

describe('a view', () => {
  const view = deriveView({ before: reading(10, showRounds(1)), after: reading(12, showRounds(3)) })

  it('has rates by the class of the status', () => {
    expect(view.requests.total).toBe(110)
    expect([...view.requests.classes]).toEqual([
      ['2xx', 100],
      ['4xx', 8],
      ['5xx', 2],
    ])
    expect(view.traffic).toEqual({ received: 2048, sent: 1_572_864, streamItems: 5 })
  })

  it('has what is now', () => {
    expect(view.ready).toBe(true)
    expect(view.inFlight).toEqual({ requests: 3, calls: 2 })
    expect(view.queue).toEqual({ length: 42, limit: 100 })
    expect([...view.replicas]).toEqual([
      ['ready', 2],
      ['retiring', 0],
      ['starting', 1],
    ])
    expect(view.certificateExpiry).toBe(4_102_444_800)
    expect(view.build).toEqual({ version: '0.1.0', node: 'v20.20.2', model: 'words', modelVersion: 'v2' })
    expect(view.custom).toEqual([{ name: 'tokens per second', tag: 'gpu', replica: '0', value: 12.5 }])
  })

  it('has percentiles of what happened in between, those of /predict alone', () => {
    expect(view.times.map(({ step, rate }) => [step, rate])).toEqual([
      ['request', 4],
      ['queue wait', 4],
      ['batch wait', 2],
      ['predict', 4],
    ])
    const [request] = view.times
    expect(request).toMatchObject({ p50: 0.005, p99: expect.closeTo(0.244) })
    expect(view.batches).toEqual({ mean: expect.closeTo(13 / 3), p50: 3, p99: expect.closeTo(7.88) })
  })

  it('has what was counted by its reason, if it happened at all', () => {
    expect(view.restarts).toEqual([{ reason: 'exited', total: 3, increase: 2 }])
    expect(view.refusals).toEqual([
      { reason: 'invalid_credentials', total: 12, increase: 8 },
      { reason: 'unauthorized', total: 1, increase: 0 },
    ])
  })

  it('has each process, the front first', () => {
    expect(view.processes.map(({ replica, cpu }) => [replica, cpu])).toEqual([
      ['front', 0.25],
      ['0', 0.5],
      ['1', 1],
    ])
    expect(view.processes[1]).toMatchObject({
      resident: 300_000_000,
      heap: 100_000_000,
      loopMedian: 0.0102,
      loopP99: 0.25,
    })
  })

  it('sorts replicas by number, and takes statuses that are none', () => {
    const text = expose({
      residentMemory: { 'replica="10"': 1, 'replica="9"': 1, 'replica="front"': 1 },
      requests: { 'method="GET",route="*",status="teapot"': 5 },
    })
    const odd = deriveView({ before: reading(0, ''), after: reading(1, text) })
    expect(odd.processes.map(({ replica }) => replica)).toEqual(['front', '9', '10'])
    expect([...odd.requests.classes]).toEqual([['other', 5]])
  })

  it('counts from nothing where a server began again', () => {
    const restarted = deriveView({ before: reading(10, showRounds(50)), after: reading(11, showRounds(1)) })
    expect(restarted.requests.total).toBe(110)
    expect(restarted.restarts).toEqual([{ reason: 'exited', total: 1, increase: 1 }])
    expect(restarted.times[0]?.rate).toBe(4)
  })

  it('knows no rates before the second reading, nor between two at the same time', () => {
    for (const before of [undefined, reading(5, showRounds(1))]) {
      const first = deriveView({ before, after: reading(5, showRounds(2)) })
      expect(first.requests).toEqual({ total: undefined, classes: new Map() })
      expect(first.times[0]).toMatchObject({ rate: undefined, p50: undefined })
      expect(first.processes[0]).toMatchObject({ resident: 90_000_000, cpu: undefined })
    }
  })

  it('is made of nothing, too', () => {
    const empty = deriveView({ before: reading(0, ''), after: reading(1, '') })
    expect(empty).toMatchObject({ ready: undefined, processes: [], restarts: [], batches: undefined })
  })
})

it('tells servers of ours from others', () => {
  expect(isIncant(reading(0, showRounds(1)))).toBe(true)
  expect(isIncant(reading(0, 'process_cpu_seconds_total 1\n'))).toBe(false)
})
