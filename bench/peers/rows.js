/**
 * One kind of call that every server answers.
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {string} task which of the functions is called
 * @property {number} [connections] each with one call in flight
 * @property {boolean} [isRest] no load is measured, but the server at rest
 * @property {object | Buffer} payload sent as JSON, or as bytes
 * @property {unknown} answer what comes back; of a stream, all items
 * @property {boolean} [showsFront] whether the CPU of the process with the sockets is shown, too
 * @property {number} [items] what the cost is given for, where it is not the call
 * @property {readonly Aim[]} [aims]
 * @property {Record<string, import('./servers.js').Server>} [servers] those of the row, if not all
 *
 * @typedef {{ of?: string, figure?: keyof import('./subject.js').Figures, to?: string, aim: number }} Aim a figure, `cpu` unless
 * another is named, of a server, Incant with one replica unless another is named, and what it should be, as it is or divided by that of
 * another server
 */

/** Height × width × channels of the picture that most classifiers take. */
const PIXELS = 224 * 224 * 3
const STREAM_LENGTH = 1000

const text = 'Wer reitet so spät durch Nacht und Wind?'
const small = { task: 'small', payload: { text, top: 3 }, answer: { length: text.length, top: 3 } }

/** @type {Record<string, Row>} */
export const rows = {
  small: {
    title: 'small JSON, 32 callers',
    ...small,
    connections: 32,
    aims: [
      { to: 'inline', aim: 1.35 },
      { to: 'fastify', aim: 1.1 },
    ],
  },
  'bytes-1k': {
    title: '1 KB of bytes, 32 callers',
    connections: 32,
    ...bytes(1000),
    aims: [{ to: 'inline', aim: 1.8 }],
  },
  'numbers-10k': {
    title: '10 KB of JSON, an array of 512 numbers, 32 callers',
    connections: 32,
    ...numbers(512),
    aims: [{ to: 'inline', aim: 1.4 }],
  },
  'numbers-3m': {
    title: '2.9 MB of JSON, an array of 150,528 numbers, 8 callers',
    connections: 8,
    ...numbers(PIXELS),
    aims: [{ to: 'node-http', aim: 1 }],
  },
  'bytes-10m': {
    title: '10 MB of bytes, 8 callers',
    connections: 8,
    ...bytes(10_000_000),
    aims: [
      { to: 'mosec', aim: 1 },
      { of: 'inline', to: 'node-http', aim: 1.2 },
    ],
  },
  stream: {
    title: 'streams of 1,000 events, 8 callers; rate and CPU are of an event',
    task: 'stream',
    connections: 8,
    payload: { count: STREAM_LENGTH },
    answer: Array.from({ length: STREAM_LENGTH }, (_, index) => ({ index })),
    items: STREAM_LENGTH,
    aims: [
      { to: 'fastapi', aim: 1 },
      { figure: 'first', aim: 10 },
    ],
  },
  'mlp-batched': {
    title: 'a classifier of 512 numbers, 64 callers, batches of 32',
    ...classification('mlp-batched'),
    aims: [{ figure: 'rate', to: 'bare', aim: 0.85 }],
  },
  'mlp-single': {
    title: 'the same classifier, 64 callers, one by one',
    ...classification('mlp-single'),
    aims: [{ figure: 'rate', to: 'bare', aim: 0.9 }],
  },
  rest: {
    title: 'a server that does nothing',
    ...small,
    isRest: true,
    aims: [
      { figure: 'answer', aim: 5 },
      { figure: 'memory', aim: 60 },
      { figure: 'beside', aim: 60 },
      { figure: 'idle', aim: 0.2 },
    ],
  },
}

/** @param {number} count */
export function bytes(count) {
  const payload = Buffer.alloc(count, 'so many bytes ')
  return { task: 'bytes', payload, answer: { count, last: payload.at(-1) } }
}

/** A picture, with its numbers normalized as classifiers take them, or the beginning of one. @param {number} count */
export function numbers(count) {
  const data = Array.from({ length: count }, (_, index) => (((index * 7919) % 256) / 255 - 0.45) / 0.226)
  return { task: 'numbers', payload: { data }, answer: { count, last: data.at(-1) } }
}

/** What the model says of 512 such numbers. */
export function classification(task) {
  // All digits make a few bytes more than Mosec can take in a batch of 32: it reads the head of an item in one piece, and
  // waits without end where that comes in two.
  const data = numbers(512).payload.data.map(number => Number(number.toPrecision(15)))
  return { task, connections: 64, payload: { data }, answer: { label: 370 } }
}
