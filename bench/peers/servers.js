import { fileURLToPath } from 'node:url'
import { startProcess } from '../started.js'

/**
 * A server that is measured. It is sent `payload` to /predict, as JSON or as bytes, and answers with JSON or with
 * server-sent events, unless it says otherwise.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {readonly string[]} tasks that it has
 * @property {(task: string, output: string) => Promise<import('../started.js').Started>} start a process for one task.
 * `output`: the file that takes what it prints
 * @property {(row: import('./rows.js').Row) => Call} [call] what is sent
 * @property {(text: string) => unknown} [read] what an answer without a stream says
 *
 * @typedef {{ path: string, type: string, body: Buffer }} Call
 */

const path = name => fileURLToPath(new URL(name, import.meta.url))
const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const ALL = ['small', 'bytes', 'numbers', 'stream']
const CLASSES = { small: 'Small', bytes: 'Bytes', numbers: 'Numbers', stream: 'Items' }
const production = { NODE_ENV: 'production' }

/** The first is what the others are compared with. @type {Record<string, Server>} */
export const servers = {
  incant: incant('Incant'),
  inline: incant('Incant, --workers 0', ['--workers', '0']),
  fastify: node('Fastify, schema and log', 'fastify'),
  hono: node('Hono', 'hono'),
  'node-http': node('node:http', 'node-http'),
}

/** `incant serve`, everything at its default but for the flags. */
export function incant(name, flags = []) {
  const start = (task, output) =>
    startProcess(
      port => {
        const words = ['--class-name', CLASSES[task], '--port', String(port), '--log-format', 'json']
        return [process.execPath, COMMAND, 'serve', path('incant/predictors.ts'), ...words, ...flags]
      },
      url => fetch(`${url}/ready`),
      { env: production, output },
    )
  return { name, tasks: ALL, start }
}

function node(name, file) {
  const start = (task, output) =>
    startProcess(
      port => [process.execPath, path(`node/${file}.js`), String(port), task],
      url => fetch(`${url}/ready`),
      { env: production, output },
    )
  return { name, tasks: ALL, start }
}

/** What most take. @type {(row: import('./rows.js').Row) => Call} */
export function callPredict({ payload }) {
  if (Buffer.isBuffer(payload)) return { path: '/predict', type: 'application/octet-stream', body: payload }
  return { path: '/predict', type: 'application/json', body: Buffer.from(JSON.stringify(payload)) }
}
