import { mutate } from './random.js'

const DISPOSITIONS = [
  'form-data; name="image"; filename="a.png"',
  'form-data; name="top"',
  'form-data; name="note"',
  "form-data; name=image; filename=a.png; filename*=utf-8''%C3%A4.png",
  'form-data;name="top"',
  'Form-Data; filename="a"; name="image"',
  'form-data; name="im\\"age"',
  'form-data; name="image"; filename="../../etc/passwd"',
  'form-data; name="\u00fc"; filename="\u00fc.png"',
  'form-data; name=""',
  'form-data',
  'attachment; filename="a"',
  'form-data; name="top"; name="note"',
  'form-data; name="__proto__"',
  'form-data; name="top"; filename*=unknown\'\'%ff',
  `form-data; name="${'n'.repeat(9000)}"`,
  '',
]

const HEADERS = [
  [],
  ['Content-Type: image/png'],
  ['Content-Type: text/plain; charset=utf-8'],
  ['Content-Type: multipart/mixed; boundary=inner'],
  ['Content-Transfer-Encoding: base64'],
  [`X: ${'x'.repeat(17_000)}`],
  Array(120).fill('A: b'),
  [' folded'],
  ['no colon'],
]
const VALUES = ['', '3', 'x', '-0', 'NaN', '\xff\xfe', 'a'.repeat(70_000), '\r\n', '--b', '\r\n--b', '\r\n--b-', '\0']
const BOUNDARIES = [
  'b',
  '----WebKitFormBoundaryabc',
  "'()+_,-./:=?",
  'x'.repeat(70),
  'x'.repeat(71),
  'a b',
  '',
  '"',
  'b;c',
]
const TYPES = boundary => [
  `multipart/form-data; boundary=${boundary}`,
  `multipart/form-data; boundary="${boundary}"`,
  `multipart/form-data;boundary=${boundary}; charset=utf-8`,
  'multipart/form-data',
  `multipart/mixed; boundary=${boundary}`,
  `multipart/form-data; boundary=${boundary}; boundary=other`,
  'application/x-www-form-urlencoded',
]
const PAIRS = [
  'a=1',
  'top=3',
  'top',
  '=',
  '&',
  '%',
  '%zz=%ff',
  'note=%F0%9F%98%80',
  '__proto__=1',
  'note=+',
  'top=3&top=4',
  'x'.repeat(5000),
]

/** A form of many parts, or of pairs, right or nearly right. */
export function makeForm(random) {
  if (random.chance(0.15)) {
    const body = Buffer.from(Array.from({ length: random.below(40) }, () => random.pick(PAIRS)).join('&'))
    return {
      target: 'form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: random.chance(0.3) ? mutate(random, body) : body,
    }
  }
  const boundary = random.chance(0.7) ? random.pick(BOUNDARIES.slice(0, 3)) : random.pick(BOUNDARIES)
  const end = random.chance(0.9) ? '\r\n' : '\n'
  const parts = Array.from({ length: random.chance(0.05) ? 1500 : random.below(6) }, () =>
    makePart(random, boundary, end),
  )
  const closing = random.chance(0.9) ? `--${boundary}--${random.pick(['', end, ' ', `${end}epilogue`])}` : ''
  const text = random.pick(['', '', '', `preamble${end}`]) + parts.join('') + closing
  const body = Buffer.from(text, 'latin1')
  const type = random.chance(0.85) ? TYPES(boundary)[random.below(3)] : random.pick(TYPES(boundary))
  return { target: 'form', headers: { 'content-type': type }, body: random.chance(0.4) ? mutate(random, body) : body }
}

function makePart(random, boundary, end) {
  const disposition = random.chance(0.7) ? random.pick(DISPOSITIONS.slice(0, 5)) : random.pick(DISPOSITIONS)
  const lines = [`Content-Disposition: ${disposition}`, ...(random.chance(0.6) ? [] : random.pick(HEADERS))]
  const padding = random.chance(0.1) ? ' \t' : ''
  return `--${boundary}${padding}${end}${lines.join(end)}${end}${end}${random.pick(VALUES)}${end}`
}
