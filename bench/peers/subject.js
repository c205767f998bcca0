import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readProcessCpu, readTreeCpu, readTreeMemory } from '../tree.js'
import { takeLoad } from './load.js'
import { encode } from './servers.js'

/**
 * What one server did in one round.
 *
 * @typedef {object} Figures
 * @property {number} rate answers a second, or items
 * @property {number} cpu microseconds of all processes of the server for each answer or item
 * @property {number} [front] microseconds of that in the process that was started; of Incant, the one with the sockets
 * @property {number} [p50] milliseconds
 * @property {number} [p99] milliseconds
 * @property {number} [first] milliseconds until the first event of a stream, the median
 * @property {number} [memory] of all processes after the load, PSS in MiB
 * @property {number} [load] microseconds of the load generator for each answer
 */

/** A server that has been started for one row. */
export class Subject {
  #started
  #row
  #files

  /**
   * Starts a server, and checks what it answers. From then on, every answer must be the same, byte by byte.
   *
   * @param {import('./servers.js').Server} server
   * @param {import('./rows.js').Row} row
   * @param {string} folder for its files
   */
  static async start(server, row, folder) {
    const started = await server.start(row.task, folder)
    try {
      return new Subject(started, row, await writeFiles({ server, url: started.url, row, folder }))
    } catch (error) {
      await started.stop()
      throw error
    }
  }

  constructor(started, row, files) {
    this.#started = started
    this.#row = row
    this.#files = files
  }

  /** @returns {Promise<Figures>} */
  async measure(milliseconds) {
    const { pid, port } = this.#started
    const { connections, showsFront, items: itemsPerAnswer = 1 } = this.#row
    const before = [readTreeCpu(pid), readProcessCpu(pid)]
    const { answers, seconds, latency, first, cpu } = await takeLoad({
      port,
      connections,
      milliseconds,
      ...this.#files,
    })
    const items = answers * itemsPerAnswer
    return {
      rate: items / seconds,
      cpu: (readTreeCpu(pid) - before[0]) / items,
      front: showsFront ? (readProcessCpu(pid) - before[1]) / items : undefined,
      ...latency,
      first: first?.p50,
      memory: readTreeMemory(pid),
      load: cpu / answers,
    }
  }

  stop() {
    return this.#started.stop()
  }
}

/** Writes what is sent and the body that comes back, once that is found to be right. */
export async function writeFiles({ server, url, row, folder }) {
  const { type, body } = (server.encode ?? encode)(row)
  const path = server.path?.(row.task) ?? '/predict'
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers: { 'Content-Type': type }, body })
  const text = await answer.text()
  if (!isDeepStrictEqual(readAnswer(server, text, row.task), row.answer))
    throw new Error(`${server.name} answers with status ${answer.status}: ${text.slice(0, 500)}`)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
  const files = { request: join(folder, 'request'), body: join(folder, 'body') }
  writeFileSync(files.request, Buffer.concat([Buffer.from(head), body]))
  writeFileSync(files.body, text)
  return { ...files, first: row.task === 'stream' ? text.indexOf('\n\n') + 2 : 0 }
}

/** Undefined when it is no JSON. */
function readAnswer({ decode = body => JSON.parse(body) }, text, task) {
  try {
    if (task !== 'stream') return decode(text, task)
    return [...text.matchAll(/^data: ?(.+)$/gm)].map(([, data]) => JSON.parse(data))
  } catch {
    return undefined
  }
}
