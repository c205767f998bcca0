import { execFile, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFreePort } from '../../../../tests/free-port.ts'
import { type PGClient, requirePG } from '../../src/jobs/postgres/pg-module.ts'

const run = promisify(execFile)

/** A server of PostgreSQL of a test. */
export interface PostgresServer {
  /** The address of an empty database. */
  readonly url: string
  /** The address of a further one. */
  createDatabase(name: string): Promise<string>
  /** Stops the server at once, as a crash does, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it and removes what it has written. */
  remove(): Promise<void>
}

/** Where Debian has the programs; elsewhere they are on the path. */
function findPrograms(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort() : []
  const folders = ['/usr/bin', '/usr/local/bin', ...versions.map(version => `/usr/lib/postgresql/${version}/bin`)]
  return folders.findLast(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))
}

const PROGRAMS = findPrograms()

/** Whether PostgreSQL is installed. */
export const hasPostgres: boolean = PROGRAMS !== undefined

/** PostgreSQL refuses to run as root, so the tests of a container run it as nobody. */
function userOf(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** A connection of a test. */
export function connectTo(connectionString: string): PGClient {
  const { Client } = requirePG(undefined)
  return new Client({ connectionString, application_name: 'test', connectionTimeoutMillis: 5000, keepAlive: false })
}

/** Makes a cluster in a temporary folder, and starts it. */
export async function startPostgres(): Promise<PostgresServer> {
  const user = userOf()
  const folder = mkdtempSync(join(tmpdir(), 'incant-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const port = await findFreePort()
  const call = (program: string, ...parameters: string[]) =>
    run(join(PROGRAMS ?? '', program), parameters, { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' } })
  await call('initdb', '-D', data, '-U', 'incant', '-A', 'trust', '--no-sync', '-E', 'UTF8')
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60`
  const start = async () => {
    await call('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-w', '-o', settings, 'start')
  }
  const stop = async () => {
    await call('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')
  }
  await start()
  const address = (name: string) => `postgres://incant@127.0.0.1:${port}/${name}`
  return {
    url: address('postgres'),
    start,
    stop,
    async createDatabase(name) {
      const client = connectTo(address('postgres'))
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return address(name)
    },
    async restart() {
      await stop()
      await start()
    },
    async remove() {
      await stop().catch(() => {})
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
