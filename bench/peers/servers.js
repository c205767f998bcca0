import { BareLoop } from './mlp/bare-loop.js'
import { nginx } from './starting/nginx.js'
import { incant, node } from './starting/node.js'
import { python, serveMLServer } from './starting/python.js'
import { readTensor, toTensors } from './starting/tensors.js'

/**
 * A server that is measured. It is sent a payload as JSON or as bytes, and answers with JSON or with server-sent events,
 * unless it says otherwise.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {readonly string[]} tasks that it has
 * @property {boolean} [apart] it is measured beside Incant alone, since it disturbs others while it rests
 * @property {() => string | undefined} [missing] why it cannot be measured here
 * @property {(task: string, folder: string) => Promise<import('../started.js').Started>} start a process for one task.
 * `folder`: for its log, and what else it writes
 * @property {(task: string) => string} [path] where it is called, if not at /predict
 * @property {(row: import('./rows.js').Row) => Promise<{ measure, stop }>} [open] in place of `start`: what is no server
 * @property {(row: import('./rows.js').Row) => { type: string, body: Buffer }} [encode]
 * @property {(text: string, task: string) => unknown} [decode]
 */

const SERVED = ['small', 'bytes', 'numbers', 'stream']
const COMPUTED = ['mlp-single', 'mlp-batched']
const byTask = task => `/${task}`

/** The first is what the others are compared with. @type {Record<string, Server>} */
export const servers = {
  incant: { name: 'Incant', tasks: [...SERVED, ...COMPUTED], start: incant() },
  inline: { name: 'Incant, --workers 0', tasks: [...SERVED, ...COMPUTED], start: incant(['--workers', '0']) },
  litserve: {
    name: 'LitServe',
    tasks: [...SERVED, ...COMPUTED],
    start: python(
      'litserve',
      ({ bin, source, port, task }) => [`${bin}/python`, `${source}/litserve_server.py`, port, task],
      '/health',
    ),
    encode: encodeForm,
  },
  bentoml: {
    name: 'BentoML',
    tasks: [...SERVED, ...COMPUTED],
    start: python('bentoml', serveBento, '/readyz'),
    path: byTask,
    encode: row => (row.task === 'mlp-batched' ? encode({ payload: { batch: [row.payload] } }) : encode(row)),
    decode: (text, task) => (task === 'mlp-batched' ? JSON.parse(text)[0] : JSON.parse(text)),
  },
  mlserver: {
    name: 'MLServer',
    tasks: ['small', 'numbers', ...COMPUTED],
    start: python('mlserver', serveMLServer, '/v2/models/model/ready'),
    path: () => '/v2/models/model/infer',
    encode: row => encode({ payload: toTensors(row) }),
    decode: readTensor,
  },
  mosec: {
    name: 'Mosec',
    tasks: [...SERVED, ...COMPUTED],
    // By default a call may take 3 s, which is little for large bodies on a busy machine.
    start: python(
      'mosec',
      ({ bin, source, port }) => [`${bin}/python`, `${source}/mosec_server.py`, '--port', port, '--timeout', '60000'],
      '/',
    ),
  },
  fastapi: {
    name: 'FastAPI, uvicorn',
    tasks: [...SERVED, 'mlp-single'],
    start: python(
      'fastapi',
      ({ bin, source, port }) => [`${bin}/python`, `${source}/fastapi_server.py`, port],
      '/ready',
    ),
    path: byTask,
  },
  ray: {
    name: 'Ray Serve',
    apart: true,
    tasks: [...SERVED, ...COMPUTED],
    start: python('ray', ({ bin, source, port }) => [`${bin}/python`, `${source}/ray_server.py`, port], '/ready'),
    path: byTask,
  },
  fastify: { name: 'Fastify, schema and log', tasks: SERVED, start: node('fastify') },
  'fastify-apart': {
    name: 'Fastify, with the task in another process, by hand',
    tasks: ['small', 'numbers'],
    start: node('fastify', '--apart'),
  },
  hono: { name: 'Hono', tasks: SERVED, start: node('hono') },
  'node-http': { name: 'node:http', tasks: SERVED, start: node('node-http') },
  nginx: { name: 'nginx, a fixed answer', tasks: ['small'], ...nginx },
  'by-hand': { name: 'the model behind node:http, by hand', tasks: COMPUTED, start: node('by-hand') },
  bare: {
    name: 'the model in a bare loop of Node',
    tasks: COMPUTED,
    open: row => BareLoop.start(row.task === 'mlp-batched' ? 32 : 1, row),
  },
}

/** As most take it. */
export function encode({ payload }) {
  if (Buffer.isBuffer(payload)) return { type: 'application/octet-stream', body: payload }
  return { type: 'application/json', body: Buffer.from(JSON.stringify(payload)) }
}

/** For a server that takes JSON or forms. */
function encodeForm(row) {
  if (!Buffer.isBuffer(row.payload)) return encode(row)
  const head = '--limit\r\nContent-Disposition: form-data; name="body"; filename="body"\r\n\r\n'
  const body = Buffer.concat([Buffer.from(head), row.payload, Buffer.from('\r\n--limit--\r\n')])
  return { type: 'multipart/form-data; boundary=limit', body }
}

function serveBento({ bin, source, port }) {
  const place = ['--working-dir', source, '--host', '127.0.0.1', '--port', port]
  return [`${bin}/bentoml`, 'serve', 'bentoml_service:Service', ...place]
}
