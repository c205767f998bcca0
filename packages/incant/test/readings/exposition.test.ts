import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpositionError, parseExposition, type Sample } from '../../src/readings/exposition.ts'

const read = (text: string) => [...parseExposition(text).values()].flat()
const plain = ({ name, labels, value }: Sample) => ({ name, labels: Object.fromEntries(labels), value })

/** As a text, in which values that JSON does not have differ too. */
const compare = (sample: Sample) => JSON.stringify({ ...plain(sample), value: String(sample.value) })

/** Written as prom-client and Prometheus' own libraries do it. */
function write({ name, labels, value }: Sample): string {
  const pairs = [...labels].map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  const number = Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number}`
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

const samples: fc.Arbitrary<Sample> = fc.record({
  name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/),
  labels: fc
    .dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/), fc.string({ unit: 'binary' }))
    .map(labels => new Map(Object.entries(labels))),
  value: fc.double(),
})

describe('an exposition', () => {
  it('is read as it was written, whatever the labels hold', () => {
    fc.assert(
      fc.property(fc.array(samples), given => {
        const text = given.map(sample => `# TYPE ${sample.name} gauge\n${write(sample)}\n`).join('\n')
        expect(read(text).map(compare).sort()).toEqual(given.map(compare).sort())
      }),
    )
  })

  it('never makes anything but samples or an error of any text', () => {
    const lines = fc.array(fc.oneof(fc.string({ unit: 'binary' }), samples.map(write), fc.string()))
    fc.assert(
      fc.property(lines, given => {
        try {
          for (const { value } of read(given.join('\n'))) expect(typeof value).toBe('number')
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ExpositionError)
        }
      }),
    )
  })

  it('has comments, spaces, timestamps and values that are no numbers', () => {
    const text = [
      '# HELP a What it is, with {braces} and "quotes"',
      '#',
      '',
      '  a{ x = "1" , y="2", }\t3 1700000000000',
      'b +Inf',
      'c -Inf',
      'd NaN',
      'e .5e-3',
      'f{path="C:\\\\a\\"b\\n} 1"} 2',
    ].join('\n')
    expect(read(text).map(plain)).toEqual([
      { name: 'a', labels: { x: '1', y: '2' }, value: 3 },
      { name: 'b', labels: {}, value: Number.POSITIVE_INFINITY },
      { name: 'c', labels: {}, value: Number.NEGATIVE_INFINITY },
      { name: 'd', labels: {}, value: Number.NaN },
      { name: 'e', labels: {}, value: 0.0005 },
      { name: 'f', labels: { path: 'C:\\a"b\n} 1' }, value: 2 },
    ])
  })

  it.each([
    '<!doctype html>',
    '{"status":"ok"}',
    'a',
    'a b',
    'a 1 2 3',
    'a{x="1" 2',
    'a{x=1} 2',
    'a{x="1"y="2"} 3',
    'a{x="1",,y="2"} 3',
    'a{x="\\t"} 1',
    'a{x="1",x="2"} 3',
    '1a 2',
    'a 0x10',
    'a 1_000',
  ])('is not %j', line => {
    expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(new ExpositionError('line 2 is no sample'))
  })
})
