import fc from 'fast-check'
import type { View } from 'incant/internal/readings'
import { deriveView, parseExposition } from 'incant/internal/readings'
import { describe, expect, it } from 'vitest'
import { showRounds } from '../../../incant/test/readings/shown.ts'
import { paint, widthOf } from '../../src/terminal/text.ts'
import { draw, type Picture } from '../../src/top/draw.ts'

const view = deriveView({
  before: { at: 0, exposition: parseExposition(showRounds(1)) },
  after: { at: 1000, exposition: parseExposition(showRounds(2)) },
})
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f]/
const NOW = Date.parse('2099-12-22T00:00:00Z')
const picture: Picture = { url: 'http://127.0.0.1:8000', view, seconds: 1, failure: undefined, now: NOW }
const SIZE = { columns: 80, rows: 24 }
const write = (shown: Picture, size = SIZE) => draw(shown, size).map(line => paint(line, false))

describe('a picture', () => {
  it('shows all there is', () => {
    expect(write(picture, { columns: 80, rows: 50 }).join('\n')).toMatchInlineSnapshot(`
      "http://127.0.0.1:8000  words:v2  incant 0.1.0, node 20.20.2
      ready  over 1 s

      requests/s  110   2xx 100   4xx 8   5xx 2
      in flight   requests 3   calls 2
      queue       42 of 100   [#########...........]
      traffic/s   in 2 KiB   out 1.50 MiB   stream items 5

      time                p50         p90         p99    a second
      request            5 ms      190 ms      244 ms           4
      queue wait       100 us        8 ms     9.80 ms           4
      batch wait       100 us      900 us      990 us           2
      predict            5 ms      190 ms      244 ms           4
      batch size            3                    7.88   mean 4.33
      step               1 ms                 2.47 ms           2
      step size             3                    31.5   mean 12.3
      sequences   paused 1   running 4   waiting 1

      replicas    ready 2   starting 1
      restarts    exited 2 (+1)
      refusals    invalid_credentials 8 (+4)   unauthorized 1
      certificate expires in 10 days

      process          memory        heap         cpu    loop p50    loop p99
      front          85.8 MiB    19.1 MiB        25 %     10.1 ms       12 ms
      replica 0       286 MiB    95.4 MiB        50 %     10.2 ms      250 ms
      replica 1       296 MiB    96.3 MiB       100 %     10.3 ms       20 ms

      sendMetric                        tag                 replica
      tokens per second                 gpu                 0           12.5"
    `)
  })

  it('shows each of several models', () => {
    const models: View['models'] = [
      {
        model: 'ocr',
        ready: false,
        rate: 2,
        p50: 0.2,
        p99: 0.31,
        queue: { length: 3, limit: 20 },
        replicas: 0,
        restarts: 8,
      },
      {
        model: 'words:v2',
        ready: true,
        rate: 120,
        p50: 0.002,
        p99: 0.01,
        queue: { length: 0, limit: 100 },
        replicas: 2,
        restarts: 0,
      },
    ]
    const lines = write({ ...picture, view: { ...view, models } })
    const start = lines.findIndex(line => line.startsWith('model'))
    expect(`\n${lines.slice(start, start + 3).join('\n')}`).toMatchInlineSnapshot(`
      "
      model            ready   a second        p50        p99      queue   restarts
      ocr                  0          2     200 ms     310 ms    3 of 20          8
      words:v2             2        120       2 ms      10 ms   0 of 100          0"
    `)
    expect(write(picture).some(line => line.startsWith('model'))).toBe(false)
  })

  it('fits 80 by 24, and says what is left out', () => {
    const lines = write({ ...picture, view: { ...view, sequences: undefined } })
    expect(lines).toHaveLength(24)
    expect(lines.at(-1)).toBe('4 more lines: make the window taller')
    expect(lines).toContainEqual(expect.stringMatching(/^replica 0 /))
  })

  it('keeps what it knew of a server that has gone', () => {
    const [, state, , requests] = write({ ...picture, failure: 'nothing listens there' })
    expect(state).toBe('gone  nothing listens there; trying again  over 1 s')
    expect(requests).toContain('110')
  })

  it('says what is not known yet, and what is not right', () => {
    const first = deriveView({ before: undefined, after: { at: 0, exposition: parseExposition(showRounds(1)) } })
    expect(write({ ...picture, view: first, seconds: undefined })[3]).toBe('requests/s  -')
    expect(write({ ...picture, view: { ...view, ready: false } })[1]).toBe('not ready  over 1 s')
    const expired = write({ ...picture, now: Date.parse('2100-01-04T00:00:00Z') })
    expect(expired).toContain('certificate expired 3 days ago')
  })

  it('is no wider and no taller than the terminal', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(60), (columns, rows) => {
        const lines = draw(picture, { columns, rows })
        expect(lines.length).toBeLessThanOrEqual(Math.max(rows, 1))
        for (const line of lines) expect(widthOf(paint(line, false))).toBeLessThanOrEqual(columns)
      }),
    )
  })

  it('holds nothing a terminal obeys, whatever the server calls things', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    const names = fc.tuple(text, text, text, text)
    fc.assert(
      fc.property(names, ([first, second, third, fourth]) => {
        const lines = write(
          { ...picture, url: first, failure: second, view: hostile(first, second, third, fourth) },
          { columns: 200, rows: 99 },
        )
        expect(lines.filter(line => OBEYED.test(line))).toEqual([])
      }),
    )
  })

  it('clips wide letters by the cells they take', () => {
    const wide = hostile('数'.repeat(60), 'x', 'e\u0301'.repeat(60), 'x')
    for (const line of write({ ...picture, view: wide })) expect(widthOf(line)).toBeLessThanOrEqual(80)
    expect(widthOf('数e\u0301x')).toBe(4)
  })
})

describe('paint', () => {
  it('writes colours only where there are some', () => {
    const [head] = draw(picture, SIZE)
    expect(head && paint(head, true)).toContain('\u001b[1mhttp:')
    expect(head && paint(head, false)).not.toContain('\u001b')
  })
})

function hostile(first: string, second: string, third: string, fourth: string): View {
  return {
    ...view,
    build: { version: first, node: second, model: third, modelVersion: fourth },
    requests: { total: 1, classes: new Map([[first, 1]]) },
    replicas: new Map([[second, 1]]),
    restarts: [{ reason: third, total: 1, increase: 1 }],
    refusals: [{ reason: fourth, total: 1, increase: undefined }],
    processes: view.processes.map(process => ({ ...process, replica: first })),
    custom: [{ name: second, tag: third, replica: fourth, value: 1 }],
  }
}
