import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './child.js'

/** Connections of a load, unless its plan says otherwise. */
const CONNECTIONS = 32

/** Time one load may take at most, in milliseconds. */
const TIMEOUT = 120_000

/**
 * What one server did in one round.
 *
 * @typedef {object} Figures
 * @property {number} requestsPerSecond
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} cpu microseconds of the server's process for each request
 */

/**
 * Measures all servers with one workload. They run side by side and are loaded in turn, A B C A B C …, so that what
 * else the machine does meets them alike.
 *
 * @param {readonly import('./servers.js').ServerKind[]} kinds
 * @param {string} workload its name
 * @param {{ warmUp: number, requests: number, rounds: number, connections?: number }} plan
 * @returns {Promise<Figures[][]>} the rounds of each server
 */
export async function measure(kinds, workload, plan) {
  const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
  const load = new Child('The load generator', { file: 'load.js', output: join(folder, 'load.log') })
  const servers = kinds.map((kind, index) => new Server(kind, workload, join(folder, `${index}.log`)))
  try {
    await load.started
    return await measureInTurn(servers, load, plan)
  } finally {
    await Promise.all([load, ...servers].map(child => child.stop()))
    rmSync(folder, { recursive: true })
  }
}

async function measureInTurn(servers, load, { warmUp, requests, rounds, connections = CONNECTIONS }) {
  for (const server of servers) await server.takeLoad(load, warmUp, connections)
  const figures = servers.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of servers.entries())
      figures[index].push(await server.takeLoad(load, requests, connections))
  }
  for (const server of servers) await server.checkLog()
  return figures
}

/** A server under measurement. */
class Server {
  #kind
  #workload
  #log
  #child
  #requests = 0

  constructor(kind, workload, log) {
    this.#kind = kind
    this.#workload = workload
    this.#log = log
    this.#child = new Child(kind.name, {
      file: `servers/${kind.file}`,
      parameters: [workload, ...(kind.parameters ?? [])],
      output: log,
    })
  }

  /** @returns {Promise<Figures>} */
  async takeLoad(load, requests, connections) {
    const { port } = await this.#child.started
    const before = await this.#child.ask('cpu')
    const { result, error } = await load.ask({
      port,
      workload: this.#workload,
      requests,
      connections,
      timeout: TIMEOUT,
    })
    if (error !== undefined) throw new Error(`${this.#kind.name}, ${this.#workload} payload: ${error}`)
    const after = await this.#child.ask('cpu')
    this.#requests += requests
    const { seconds, p50, p99 } = result
    return { requestsPerSecond: requests / seconds, p50, p99, cpu: (after.cpu - before.cpu) / requests }
  }

  /** A log that was not written was not measured. */
  async checkLog() {
    if (this.#kind.logs !== true) return
    for (let tries = 0; this.#countLines() < this.#requests; tries += 1) {
      if (tries === 20)
        throw new Error(`${this.#kind.name} logged ${this.#countLines()} lines for ${this.#requests} requests`)
      await sleep(100)
    }
  }

  stop() {
    return this.#child.stop()
  }

  #countLines() {
    return readFileSync(this.#log, 'utf8').split('\n').length - 1
  }
}
