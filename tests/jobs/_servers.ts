import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { isBuiltin } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ModelClient } from '../../packages/incant/src/client/index.ts'
import { hasPostgres, type PostgresServer, startPostgres } from '../../packages/incant/test/jobs/_postgres.ts'
import { findFreePort } from '../free-port.ts'

const PROGRAM = fileURLToPath(new URL('server.js', import.meta.url))

/** A job of a store, as its clients see it. */
export interface SeenJob {
  readonly id: string
  readonly status: string
  readonly output: unknown
  readonly error_code?: string
}

/** What servers of a test share: a place for jobs, and a folder. */
export interface Place {
  readonly store: string
  readonly folder: string
  /** Takes the store away from servers that use it, and gives it back. */
  takeAway(): Promise<() => Promise<void>>
  remove(): Promise<void>
}

/** The stores that survive, by name. */
export const STORES: readonly [name: string, isThere: boolean, open: () => Promise<Place>][] = [
  ['SQLite', isBuiltin('node:sqlite'), openFile],
  ['PostgreSQL', hasPostgres, openDatabase],
]

/** One that is missing is no reason to pass: every run of these tests names what it has. */
export function expectStores(): void {
  test('the stores that this run is for are there', () => {
    const wanted = (process.env['STORES'] ?? 'SQLite,PostgreSQL').split(',')
    expect(STORES.filter(([name, isThere]) => !isThere && wanted.includes(name)).map(([name]) => name)).toEqual([])
  })
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'incant-jobs-'))
}

async function openFile(): Promise<Place> {
  const folder = makeFolder()
  const store = join(folder, 'jobs.db')
  return {
    store,
    folder,
    takeAway: () => lockFile(store),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** As a backup does that takes its time. */
async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `const { DatabaseSync } = require('node:sqlite')
    const file = new DatabaseSync(process.argv[1])
    file.exec('begin immediate')
    console.log('locked')
    process.stdin.resume().on('end', () => process.exit())`
  const locker = spawn(process.execPath, ['-e', lock, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(locker.stdout, 'data')
  return async () => {
    locker.stdin.end()
    await once(locker, 'exit')
  }
}

async function openDatabase(): Promise<Place> {
  const postgres: PostgresServer = await startPostgres()
  const folder = makeFolder()
  return {
    store: postgres.url,
    folder,
    takeAway: async () => {
      await postgres.stop()
      return () => postgres.start()
    },
    remove: async () => {
      rmSync(folder, { recursive: true, force: true })
      await postgres.remove()
    },
  }
}

/** Settings of a {@link TestServer}. */
export interface ServerSettings {
  readonly port?: number
  readonly gracePeriod?: string
  readonly jobsStoreInput?: 'on' | 'off'
}

/** The servers of a test, on one place, which {@link TestServers.remove} ends and removes. */
export class TestServers {
  readonly #open: () => Promise<Place>
  readonly #servers: TestServer[] = []
  #place: Place | undefined

  constructor(open: () => Promise<Place>) {
    this.#open = open
  }

  get place(): Place | undefined {
    return this.#place
  }

  async start(options: ServerSettings = {}): Promise<TestServer> {
    this.#place ??= await this.#open()
    const server = await TestServer.start(this.#place, options)
    this.#servers.push(server)
    return server
  }

  async remove(): Promise<void> {
    for (const server of this.#servers.splice(0)) await server.end('SIGKILL')
    await this.#place?.remove()
    this.#place = undefined
  }
}

/** A server in a separate process. */
export class TestServer {
  readonly port: number
  readonly #child: ChildProcess
  readonly #log: Promise<string>

  private constructor(port: number, child: ChildProcess) {
    this.port = port
    this.#child = child
    this.#log = child.stdout === null ? Promise.resolve('') : text(child.stdout)
  }

  /** Starts one, and waits until it is ready. */
  static async start(place: Place, { port = 0, ...settings }: ServerSettings = {}): Promise<TestServer> {
    const free = port === 0 ? await findFreePort() : port
    const words = [PROGRAM, `${free}`, place.store, JSON.stringify(settings)]
    const server = new TestServer(free, spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] }))
    while (!(await server.client('once').ready())) {
      if (server.#child.exitCode !== null) throw new Error(`the server has ended:\n${await server.#log}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  client(model: 'once' | 'again'): ModelClient {
    return new ModelClient(`${this.url}/models/${model}`)
  }

  async look(id: string): Promise<SeenJob> {
    const answer = await fetch(`${this.url}/predictions/${id}`)
    expect(answer.status).toBe(200)
    // The document of a job.
    return (await answer.json()) as SeenJob
  }

  /** Sends a signal, and waits for the end. @returns The exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return exitCode
    this.#child.kill(signal)
    const [code] = (await once(this.#child, 'exit')) as [number | null]
    return code
  }

  /** What it has logged, once it has ended. */
  get log(): Promise<string> {
    return this.#log
  }
}

/** How often predict has begun, by the name of the work. */
export function countBegins(file: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  for (const name of lines.filter(line => line !== '')) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** What a receiver of webhooks got. */
export interface Received {
  readonly ids: Set<string>
  readonly states: Set<string>
}

/** A receiver of webhooks, which notes them by the id of the job. */
export async function listenForWebhooks(): Promise<{
  readonly url: string
  readonly received: ReadonlyMap<string, Received>
  readonly server: Server
}> {
  const received = new Map<string, Received>()
  const server = createServer(async (request, response) => {
    const { id, status } = (await json(request)) as SeenJob
    const known = received.get(id) ?? { ids: new Set(), states: new Set() }
    received.set(id, known)
    known.ids.add(String(request.headers['webhook-id']))
    known.states.add(status)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received, server }
}

/** Numbers from 0 to 1 that look random, and are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
