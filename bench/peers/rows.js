/**
 * One kind of call that every server answers.
 *
 * @typedef {object} Row
 * @property {string} title
 * @property {string} task which of the functions is called
 * @property {number} connections each with one call in flight
 * @property {object | Buffer} payload sent as JSON, or as bytes
 * @property {unknown} answer what comes back; of a stream, all items
 * @property {number} [items] what the cost is given for, where it is not the call
 * @property {Record<string, number>} [aims] by the name of a server: what CPU Incant may take, compared to it
 * @property {Record<string, import('./servers.js').Server>} [servers] those of the row, if not all
 */

/** Height × width × channels of the picture that most classifiers take. */
const PIXELS = 224 * 224 * 3
const STREAM_LENGTH = 1000

const text = 'Wer reitet so spät durch Nacht und Wind?'

/** @type {Record<string, Row>} */
export const rows = {
  small: {
    title: 'small JSON, 32 callers',
    task: 'small',
    connections: 32,
    payload: { text, top: 3 },
    answer: { length: text.length, top: 3 },
    aims: { inline: 1.35, fastify: 1.1 },
  },
  'bytes-1k': { title: '1 KB of bytes, 32 callers', connections: 32, ...bytes(1000), aims: { inline: 1.8 } },
  'numbers-10k': {
    title: '10 KB of JSON, an array of 512 numbers, 32 callers',
    connections: 32,
    ...numbers(512),
    aims: { inline: 1.4 },
  },
  'numbers-3m': {
    title: '2.9 MB of JSON, an array of 150,528 numbers, 8 callers',
    connections: 8,
    ...numbers(PIXELS),
    aims: { 'node-http': 1 },
  },
  'bytes-10m': {
    title: '10 MB of bytes, 8 callers',
    connections: 8,
    ...bytes(10_000_000),
    aims: { mosec: 1 },
  },
  stream: {
    title: 'streams of 1,000 events, 8 callers; rate and CPU are of an event',
    task: 'stream',
    connections: 8,
    payload: { count: STREAM_LENGTH },
    answer: Array.from({ length: STREAM_LENGTH }, (_, index) => ({ index })),
    items: STREAM_LENGTH,
    aims: { fastapi: 1 },
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
