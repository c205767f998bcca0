import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readTreeCpu, readTreeMemory } from '../tree.js'
import { takeLoad } from './load.js'
import { callPredict } from './servers.js'

/**
 * What one server did in one round.
 *
 * @typedef {object} Figures
 * @property {number} rate answers a second, or items
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number | undefined} first milliseconds until the first event of a stream, the median
 * @property {number} cpu microseconds of all processes of the server for each answer or item
 * @property {number} memory of all processes after the load, PSS in MiB
 * @property {number} load microseconds of the load generator for each answer
 */

/** A server that has been started for one row. */
export class Subject {
  #started
  #connections
  #items
  #files

  /**
   * Starts a server, and checks what it answers. From then on, every answer must be the same, byte by byte.
   *
   * @param {import('./servers.js').Server} server
   * @param {import('./rows.js').Row} row
   * @param {string} folder for its files
   */
  static async start(server, row, folder) {
    const started = await server.start(row.task, join(folder, 'log'))
    try {
      return new Subject(started, row, await writeFiles({ server, started, row, folder }))
    } catch (error) {
      await started.stop()
      throw error
    }
  }

  constructor(started, { connections, items = 1 }, files) {
    this.#started = started
    this.#connections = connections
    this.#items = items
    this.#files = files
  }

  /** @returns {Promise<Figures>} */
  async measure(milliseconds) {
    const { pid, port } = this.#started
    const before = readTreeCpu(pid)
    const load = { port, connections: this.#connections, milliseconds, ...this.#files }
    const { answers, seconds, latency, first, cpu } = await takeLoad(load)
    const items = answers * this.#items
    return {
      rate: items / seconds,
      ...latency,
      first: first?.p50,
      cpu: (readTreeCpu(pid) - before) / items,
      memory: readTreeMemory(pid),
      load: cpu / answers,
    }
  }

  stop() {
    return this.#started.stop()
  }
}

async function writeFiles({ server, started, row, folder }) {
  const { path, type, body } = (server.call ?? callPredict)(row)
  const answer = await fetch(`${started.url}${path}`, { method: 'POST', headers: { 'Content-Type': type }, body })
  const text = await answer.text()
  const found = row.task === 'stream' ? readEvents(text) : (server.read ?? JSON.parse)(text)
  if (!isDeepStrictEqual(found, row.answer))
    throw new Error(`${server.name} answers with status ${answer.status}: ${text.slice(0, 500)}`)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
  const files = { request: join(folder, 'request'), body: join(folder, 'body') }
  writeFileSync(files.request, Buffer.concat([Buffer.from(head), body]))
  writeFileSync(files.body, text)
  return { ...files, first: row.task === 'stream' ? text.indexOf('\n\n') + 2 : 0 }
}

/** The data of server-sent events. */
function readEvents(text) {
  return [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data]) => JSON.parse(data))
}
