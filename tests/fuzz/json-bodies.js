import { mutate } from './random.js'

/** Payloads that the predictor of this folder takes. */
const GOOD = [
  { text: 'a', list: [1, 2.5], choice: { kind: 'a', a: 'x' } },
  { text: 'ü\u2028', list: [], choice: { kind: 'b', b: 1 }, tree: { leaf: 'a', kids: [{ leaf: 'b' }] }, size: '12px' },
  { text: '', list: [0], choice: { kind: 'b', b: -1 }, big: '9007199254740993', when: '2026-01-31T12:00:00.000Z' },
  {
    text: 'b',
    list: [1e21],
    choice: { kind: 'a', a: '' },
    bytes: 'aGVsbG8=',
    counts: { x: 1 },
    pair: ['a', 1],
    only: ['x', 'y'],
  },
]

/** Values that stand where others are expected. */
const HOSTILE = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  'x',
  '__proto__',
  'constructor',
  '-0',
  '1'.repeat(400),
  'a'.repeat(5000),
  '\ud800',
  '\u0000',
  '2026-02-30T00:00:00Z',
  '12px',
  `${'1'.repeat(300)}p`,
  [],
  {},
  [[]],
  [null],
  { length: 1 },
  { kind: 'a' },
  { kind: 'c', a: 1 },
  Array(200).fill({}),
  Array(500).fill('x'),
  { toJSON: 1 },
  { valueOf: 1 },
]

/** Texts that JSON has no value for, put in place of one. */
const TEXTS = [
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '-1e-400',
  '01',
  '1.',
  '.5',
  '+1',
  '0x10',
  "'a'",
  '"\\ud800"',
  '"\\u0000"',
  '"\\x"',
  '"\t"',
  '{"a":1,"a":2}',
  '{"__proto__":{}}',
  '[1,]',
  '{,}',
  'undefined',
  '/**/1',
  '1n',
  `"${'a'.repeat(70_000)}"`,
  '['.repeat(70) + ']'.repeat(70),
  '['.repeat(3000),
  '{"a":'.repeat(80),
]

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=latin1',
  'application/ld+json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'text/html',
  'multipart/form-data',
  'application/json, text/plain',
  'x',
  '',
]

/** A body that is JSON, nearly JSON, or was once. */
export function makeJSON(random) {
  const value = structuredClone(random.pick(GOOD))
  for (let count = random.below(4); count > 0; count -= 1) replaceSome(random, value)
  let text = JSON.stringify(value)
  if (random.chance(0.3))
    text = text.replace(
      random.pick([/:[^:,]+/, /"[^"]*"/, /\d+/]),
      match => (match.startsWith(':') ? ':' : '') + random.pick(TEXTS),
    )
  const bytes = Buffer.from(text)
  return {
    target: 'json',
    headers: { 'content-type': random.chance(0.8) ? 'application/json' : random.pick(TYPES) },
    body: random.chance(0.4) ? mutate(random, bytes) : bytes,
  }
}

/** Puts something hostile in the place of a member, at any depth. */
function replaceSome(random, value) {
  const keys = Object.keys(value)
  const key =
    random.chance(0.1) || keys.length === 0 ? random.pick(['text', 'extra', '0', 'constructor']) : random.pick(keys)
  const inner = value[key]
  if (typeof inner === 'object' && inner !== null && random.chance(0.5)) replaceSome(random, inner)
  else if (random.chance(0.15)) delete value[key]
  else value[key] = structuredClone(random.pick(HOSTILE))
}
