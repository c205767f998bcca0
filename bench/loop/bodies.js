/** A body that a caller may send, by the class of `predictors.ts` that takes it. */

const JSON_TYPE = 'application/json'
const MIB = 1024 ** 2

/** Bodies that are known to have held up the process with the sockets, each for more than 0.2 s. */
export const KNOWN = {
  Templates: [
    json('60 KiB of digits for a number', { px: digits(60_000) }),
    json('10 MB of digits for a number', { px: digits(10_000_000) }),
    json('3 KiB of digits for a number and a text', { mixed: digits(3000) }),
    json('10 MB of digits for a number and a text', { mixed: digits(10_000_000) }),
    json('10 KiB of digits for two numbers', { size: digits(10_000) }),
    json('10 MB of digits for two numbers', { size: digits(10_000_000) }),
    json('2 KiB of digits for three numbers', { version: digits(2000) }),
    json('10 MB of digits for three numbers', { version: digits(10_000_000) }),
    json('10 MB of dots', { text: '.'.repeat(10_000_000) }),
    json('10 MB of digits for a big integer', { big: digits(10_000_000) }),
  ],
  Alternatives: [
    repeated('1,000,000 objects of nine alternatives', 'items', '{"a":""}', 1_000_000),
    repeated('100,000 objects of nine alternatives', 'items', '{"a":""}', 100_000),
    repeated('49,000 objects with a member too many', 'items', '{"a":"","q":0}', 49_000),
    repeated('49,000 objects of the last alternative', 'items', '{"i":{"k":1}}', 49_000),
    repeated('99,000 dates', 'items', '{"g":"2024-01-31T12:00:00Z"}', 99_000),
    repeated('1,000,000 empty objects', 'items', '{}', 1_000_000),
  ],
  Tree: [
    repeated('1,000,000 empty objects', 'e', '{}', 1_000_000),
    repeated('3,400,000 empty objects', 'e', '{}', 3_400_000),
    repeated('2,000 empty objects', 'e', '{"q":0}', 2_000),
    repeated('999 empty objects', 'e', '{"q":0}', 999),
    repeated('499 empty objects', 'e', '{}', 499),
    json('a binary tree of 65,000 objects', { e: tree(15) }),
    repeated('99,000 objects with a member too many', 'e', '{"q":0}', 99_000),
    repeated('3,400,000 empty arrays', 'e', '[]', 3_400_000),
    raw('a chain of 62 objects', `{"e":${'{"l":'.repeat(61)}null${'}'.repeat(61)}}`),
  ],
  Form: [
    { ...multipart('110,000 files of a byte', 110_000, 'v'), status: 413 },
    multipart('1,000 files of 9 KiB', 1000, 'x'.repeat(9 * 1024)),
    multipart('one file of 10 MB', 1, 'x'.repeat(10_000_000)),
    headed('65 files with 4,000 header lines each', 65, 'a:\r\n'.repeat(4000)),
    headed('620 files with 4,000 header lines each', 620, 'a:\r\n'.repeat(4000)),
    headed('620 files with a header folded 5,000 times', 620, `a:${'\r\n '.repeat(5000)}\r\n`),
    {
      name: '10 MB of carriage returns',
      type: 'multipart/form-data; boundary=bb',
      body: Buffer.alloc(10_000_000, '\r'),
    },
    { name: '10 MB of line ends', type: 'multipart/form-data; boundary=bb', body: Buffer.alloc(10_000_000, '\r\n--b') },
    form('150,000 fields', 'a=1&'.repeat(150_000)),
    form('1,000,000 fields', 'a=&'.repeat(1_000_000)),
    form('9,000,000 plus signs', `a=${'+'.repeat(9_000_000)}`),
    form('3,300,000 escapes', `a=${'%41'.repeat(3_300_000)}`),
  ],
  Anything: [
    raw('600,000 members', members(600_000, '0')),
    raw('99,000 members', members(99_000, '0')),
    raw('10 MB of empty arrays', `[${'[],'.repeat(3_300_000)}[]]`),
    raw('10 MB of empty objects', `[${'{},'.repeat(3_300_000)}{}]`),
    raw('10 MB of arrays 63 deep', `[${`${'['.repeat(62)}${']'.repeat(62)},`.repeat(80_000)}1]`),
    raw('10 MB of arrays that end badly', `[${'[],'.repeat(3_300_000)}[}`),
    raw('10 MB of numbers that end badly', `[${'1,'.repeat(5_000_000)}}`),
    raw('10 MB of escapes', `"${'\\u00e9'.repeat(1_700_000)}"`),
    raw('10 MB of text', `"${'é'.repeat(5_000_000)}"`),
  ],
  Members: [
    raw('600,000 members', members(600_000, '0')),
    raw('99,000 members', members(99_000, '[1]')),
    raw('one member with a name of 10 MB', `{"${'k'.repeat(10_000_000)}":"x"}`),
  ],
  Unique: [
    repeated('1,000,000 arrays', 'arrays', index => `[${index}]`, 1_000_000),
    repeated('1,000,000 texts', 'texts', index => `"${index}"`, 1_000_000),
  ],
  Numbers: [
    repeated('150,528 numbers', 'data', index => String(index / 7), 150_528),
    repeated('5,000,000 digits', 'data', '1', 5_000_000),
    repeated('500,000 numbers', 'data', index => String(index / 7), 500_000),
    repeated('16,000 numbers that are almost 0', 'data', '1.5e-31', 16_000),
    repeated('18,000 numbers below the smallest normal one', 'data', '1e-310', 18_000),
    repeated('1,200 numbers of 100 digits', 'data', '1234567890'.repeat(10), 1200),
    raw('a number of 130,000 digits', `{"data":[${'7'.repeat(130_000)}]}`),
    raw('490 arrays for one member', `{${'"data":[1,2,3,4,5,6,7,8],'.repeat(490)}"data":[1]}`),
    raw('14,000 members beside the numbers', `{${'"aaaa":0,'.repeat(14_000)}"data":[1]}`),
    raw('500,000 numbers, and a text', `{"data":[${'0.12345,'.repeat(500_000)}"1"]}`),
    raw('500,000 rows of different lengths', `{"data":[${'[1],[1,2],'.repeat(250_000)}[1]]}`),
  ],
  Patterns: [
    json('10 MB for a pattern', { name: 'a-'.repeat(5_000_000) }),
    json('10 MB for a format', { link: `https://${'a'.repeat(10_000_000)}` }),
    json('10 MB of base64', { bytes: 'A'.repeat(10_000_000) }),
  ],
  Chat: [
    chat('one message of 10 MB', `{"role":"user","content":"${'é'.repeat(5_000_000)}"}`),
    chat('300,000 messages', `${'{"role":"user","content":"a"},'.repeat(300_000)}{"role":"user","content":"a"}`),
    chat('3,300,000 empty messages', `${'{},'.repeat(3_300_000)}{}`),
    chat(
      'one message of 300,000 parts',
      `{"role":"user","content":[${'{"type":"text","text":"a"},'.repeat(300_000)}{"type":"text","text":"a"}]}`,
    ),
    at('/v1/chat/completions', raw('600,000 members', members(600_000, '0'))),
    at('/v1/chat/completions', raw('10 MB of empty arrays', `[${'[],'.repeat(3_300_000)}[]]`)),
    at('/v1/responses', repeated('300,000 items', 'input', '{"role":"user","content":"a"}', 300_000)),
    at('/v1/responses', json('one input of 10 MB', { input: 'é'.repeat(5_000_000) })),
    at('/mcp', json('10 MB of a tool', toolCall('x'.repeat(10_000_000)))),
    at('/mcp', raw('600,000 members', members(600_000, '0'))),
    at('/mcp', raw('10 MB of empty arrays', `[${'[],'.repeat(3_300_000)}[]]`)),
    at('/mcp', repeated('300,000 objects', 'params', '{"name":"a"}', 300_000)),
    at('/mcp', repeated('a name of objects', 'method', '{"name":"a"}', 300_000)),
  ],
  Embed: [
    at('/v1/embeddings', json('one input of 10 MB', { input: 'é'.repeat(5_000_000) })),
    at('/v1/embeddings', repeated('2,000,000 inputs', 'input', '"aa"', 2_000_000)),
    at('/v1/embeddings', repeated('5,000,000 tokens', 'input', '1', 5_000_000)),
    at('/v1/embeddings', repeated('3,000,000 arrays', 'input', '[]', 3_000_000)),
  ],
  Rows: [
    at(
      '/v2/models/predictors/infer',
      tensors('500,000 numbers', index => String(index / 7), 500_000, 'FP64'),
    ),
    at(
      '/v2/models/predictors/infer',
      tensors('5,000,000 digits', () => '1', 5_000_000, 'FP64'),
    ),
    at(
      '/v2/models/predictors/infer',
      tensors('3,300,000 arrays', () => '[]', 3_300_000, 'FP64'),
    ),
    at(
      '/v2/models/predictors/infer',
      tensors('3,300,000 objects', () => '{}', 3_300_000, 'FP64'),
    ),
    at(
      '/v2/models/predictors/infer',
      tensors('2,000,000 texts', () => '"a"', 2_000_000, 'BYTES'),
    ),
    at(
      '/v2/models/predictors/infer',
      tensors('2,000,000 booleans', () => 'true', 2_000_000, 'BOOL'),
    ),
    at(
      '/v2/models/predictors/infer',
      repeated('300,000 tensors', 'inputs', '{"name":"data","shape":[1],"datatype":"FP64","data":[1]}', 160_000),
    ),
    at('/v2/models/predictors/infer', repeated('3,300,000 inputs', 'inputs', '{}', 3_300_000)),
    at('/v2/models/predictors/infer', raw('600,000 members', members(600_000, '0'))),
    at('/v1/models/predictors:predict', repeated('5,000,000 instances', 'instances', '1', 5_000_000)),
    at('/v1/models/predictors:predict', repeated('100,000 instances', 'instances', '{"data":[1]}', 100_000)),
    at('/v1/models/predictors:predict', repeated('800,000 instances', 'instances', '{"data":[1]}', 800_000)),
    at('/v1/models/predictors:predict', repeated('3,300,000 instances', 'instances', '[]', 3_300_000)),
    at('/v1/models/predictors:predict', raw('600,000 members', members(600_000, '0'))),
    at('/predictions', json('an input of 10 MB', { input: { data: [], more: 'é'.repeat(5_000_000) } })),
    at(
      '/predictions',
      raw('500,000 numbers', `{"input":{"data":[${Array.from({ length: 500_000 }, (_, index) => index / 7)}]}}`),
    ),
    at('/predictions', raw('5,000,000 digits', `{"input":{"data":[${'1,'.repeat(5_000_000)}1]}}`)),
    at('/mcp', raw('500,000 numbers for a tool', callRows(Array.from({ length: 500_000 }, (_, index) => index / 7)))),
    at('/mcp', raw('5,000,000 digits for a tool', callRows(`${'1,'.repeat(5_000_000)}1`))),
    at('/predictions', raw('3,300,000 arrays', `{"input":{"data":[${'[],'.repeat(3_300_000)}[]]}}`)),
    at('/predictions', raw('600,000 members', members(600_000, '0'))),
    at(
      '/predictions',
      raw('600,000 members of metadata', `{"input":{"data":[]},"metadata":${members(600_000, '"a"')}}`),
    ),
  ],
  Computes: Array.from({ length: 15 }, () => json('300 ms of predict', { milliseconds: 300 })),
}

/** What a generated body begins with, by class: a list of values without end follows. */
const OPENINGS = {
  Alternatives: ['{"items":[', ']}'],
  Tree: ['{"e":[', ']}'],
  Anything: ['[', ']'],
  Members: ['{"k":[', ']}'],
  Unique: ['{"arrays":[', ']}'],
  Numbers: ['{"data":[', ']}'],
}

/**
 * More of the kinds above: a small value of random shape, over and over, now and then with an end that is not JSON.
 *
 * @param {number} count bodies of each class
 * @param {number} seed
 */
export function generate(count, seed) {
  const random = generator(seed)
  return Object.fromEntries(
    Object.entries(OPENINGS).map(([name, [open, close]]) => [
      name,
      Array.from({ length: count }, () => {
        const unit = value(random, 0)
        const times = Math.floor(((0.1 + 9.5 * random()) * MIB) / (unit.length + 1))
        const end = random() < 0.25 ? '}' : close
        const shape = unit.length > 40 ? `${unit.slice(0, 40)}…` : unit
        return raw(`${times} times ${shape}`, `${open}${`${unit},`.repeat(times)}${unit}${end}`)
      }),
    ]),
  )
}

function value(random, depth) {
  const kind = random() * (depth > 3 ? 4 : 7)
  if (kind < 1) return String(Math.floor(random() * 100))
  if (kind < 2) return String(random())
  if (kind < 3) return JSON.stringify('aé"\n1.'.repeat(Math.floor(random() * 3)))
  if (kind < 4) return ['true', 'null', '[]', '{}'][Math.floor(random() * 4)]
  const inner = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1))
  if (kind < 5.5) return `[${inner}]`
  return `{${inner.map((member, index) => `"${'abdelrxyzik'[Math.floor(random() * 11)]}${index || ''}":${member}`)}}`
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function raw(name, text) {
  return { name, type: JSON_TYPE, body: Buffer.from(text) }
}

function json(name, value) {
  return raw(name, JSON.stringify(value))
}

function repeated(name, member, unit, count) {
  const items = Array.from({ length: count }, (_, index) => (typeof unit === 'string' ? unit : unit(index)))
  return raw(name, `{"${member}":[${items}]}`)
}

function members(count, unit) {
  return `{${Array.from({ length: count }, (_, index) => `"k${index}":${unit}`)}}`
}

function tree(depth) {
  return depth === 0 ? {} : { l: tree(depth - 1), r: tree(depth - 1) }
}

function digits(count) {
  return '1'.repeat(count)
}

function form(name, text) {
  return { name, type: 'application/x-www-form-urlencoded', body: Buffer.from(text) }
}

/** Files whose headers are most of the form. */
function headed(name, count, lines) {
  const part = `--bb\r\n${lines}Content-Disposition: form-data; name="a"; filename="f"\r\n\r\n\r\n`
  return { name, type: 'multipart/form-data; boundary=bb', body: Buffer.from(`${part.repeat(count)}--bb--`) }
}

function multipart(name, count, content) {
  const part = `--bb\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${content}\r\n`
  return { name, type: 'multipart/form-data; boundary=bb', body: Buffer.from(`${part.repeat(count)}--bb--\r\n`) }
}

/** A body for another route than /predict. */
function at(path, body) {
  return { ...body, path, name: `${path}, ${body.name}` }
}

function chat(name, messages) {
  return at('/v1/chat/completions', raw(name, `{"messages":[${messages}]}`))
}

function toolCall(content) {
  return {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'predictors', arguments: { messages: [{ role: 'user', content }] } },
  }
}

function tensors(name, unit, count, datatype) {
  const data = Array.from({ length: count }, (_, index) => unit(index))
  return raw(name, `{"inputs":[{"name":"data","shape":[${count}],"datatype":"${datatype}","data":[${data}]}]}`)
}

function callRows(numbers) {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"predictors","arguments":{"data":[${numbers}]}}}`
}
