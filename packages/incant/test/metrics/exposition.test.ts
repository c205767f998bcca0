import { describe, expect, it } from 'vitest'
import { negotiateFormat, renderFamilies } from '../../src/node/metrics/exposition.ts'
import type { Family } from '../../src/node/metrics/families.ts'
import { served } from '../node/_served.ts'

/** What Prometheus 2.53 and 3 send. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'

describe('the format', () => {
  it.each([
    [null, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain', 'prometheus'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus'],
    ['application/openmetrics-text', 'openmetrics'],
    ['APPLICATION/OPENMETRICS-TEXT; version=1.0.0', 'openmetrics'],
    [PROMETHEUS, 'openmetrics'],
    ['application/openmetrics-text;q=0', 'prometheus'],
    ['application/openmetrics-text;q=0.2, text/plain;q=0.9', 'prometheus'],
    ['application/openmetrics-text;q=x', 'prometheus'],
  ])('for Accept: %s is %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format)
  })

  it.each([
    ['text/plain', 'text/plain; version=0.0.4; charset=utf-8', false],
    [PROMETHEUS, 'application/openmetrics-text; version=1.0.0; charset=utf-8', true],
  ])('is said by the server: %s', async (accept, contentType, isOpen) => {
    const { server } = await served()
    const response = await fetch(`${server.url}/metrics`, { headers: { accept } })
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe(contentType)
    expect(text.endsWith('\n# EOF\n')).toBe(isOpen)
    expect(text.includes('# TYPE incant_requests counter\n')).toBe(isOpen)
    expect(text.includes('le="1.0"')).toBe(isOpen)
  })
})

const FAMILIES: readonly Family[] = [
  {
    name: 'a_total',
    type: 'counter',
    help: 'A "quoted" \\ line\nend.',
    samples: [{ suffix: '', labels: { b: 'x"y\\z\nw' }, value: 1.5 }],
  },
  { name: 'c', type: 'counter', help: 'c', samples: [{ suffix: '', labels: {}, value: 2 }] },
  {
    name: 'd',
    type: 'gauge',
    help: 'd',
    samples: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map((value, i) => ({
      suffix: '',
      labels: { i },
      value,
    })),
  },
  { name: 'e', type: 'histogram', help: 'e', samples: [{ suffix: '_bucket', labels: { le: 1 }, value: 1 }] },
]

it('is written as Prometheus has it', () => {
  expect(renderFamilies(FAMILIES, 'prometheus')).toBe(`# HELP a_total A "quoted" \\\\ line\\nend.
# TYPE a_total counter
a_total{b="x\\"y\\\\z\\nw"} 1.5
# HELP c c
# TYPE c counter
c 2
# HELP d d
# TYPE d gauge
d{i="0"} +Inf
d{i="1"} -Inf
d{i="2"} NaN
# HELP e e
# TYPE e histogram
e_bucket{le="1"} 1
`)
})

it('is written as OpenMetrics has it', () => {
  expect(renderFamilies(FAMILIES, 'openmetrics')).toBe(`# HELP a A \\"quoted\\" \\\\ line\\nend.
# TYPE a counter
a_total{b="x\\"y\\\\z\\nw"} 1.5
# HELP c c
# TYPE c counter
c_total 2
# HELP d d
# TYPE d gauge
d{i="0"} +Inf
d{i="1"} -Inf
d{i="2"} NaN
# HELP e e
# TYPE e histogram
e_bucket{le="1.0"} 1
# EOF
`)
})
