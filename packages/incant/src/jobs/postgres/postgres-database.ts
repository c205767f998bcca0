import type { RunSQL, SQLDatabase, SQLRow, SQLValue } from '../sql/sql-database.ts'
import { StoreUnavailable } from '../store.ts'
import type { PGModule, PGOptions, PGPool, PGPoolClient, PGQueryable } from './pg-module.ts'
import { PostgresClock } from './postgres-clock.ts'
import { CHANNEL, PostgresNotices } from './postgres-notices.ts'

/** Milliseconds between two looks at the clock of the database. */
const CLOCK_INTERVAL = 60_000

/** Two transactions that wait for each other: one of them is ended, and may be tried again. */
const CONFLICTS = ['40001', '40P01']
const MOST_ATTEMPTS = 3

/** A number that nobody else locks: under it one server after the other makes the tables. */
const TABLES_LOCK = 7_311_405_682

/** PostgreSQL, for several servers on one queue. */
export class PostgresDatabase implements SQLDatabase {
  readonly name: string
  readonly types = { bytes: 'bytea', serial: 'bigserial primary key' } as const
  readonly lock = { wait: 'for update', skip: 'for update skip locked' } as const
  readonly run: RunSQL
  readonly #pool: PGPool
  readonly #clock = new PostgresClock()
  readonly #openNotices: (listener: (text: string) => void) => PostgresNotices
  readonly #timer: ReturnType<typeof setInterval>
  #notices: PostgresNotices | undefined

  constructor(module: PGModule, options: PGOptions, name: string) {
    this.name = name
    this.#pool = new module.Pool(options)
    // One that is idle and breaks: the next query finds another, or says what is wrong.
    this.#pool.on('error', () => {})
    this.#openNotices = listener => new PostgresNotices(module, options, listener)
    this.run = runOn(this.#pool, name)
    this.#timer = setInterval(() => void this.#clock.look(this.#pool).catch(() => {}), CLOCK_INTERVAL)
    this.#timer.unref()
  }

  /** Makes the first connection. @throws Why it cannot be made. */
  async open(): Promise<void> {
    await this.#clock.look(this.#pool)
  }

  now(): number {
    return this.#clock.now()
  }

  async transaction<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(work)
      } catch (thrown) {
        const code = thrown instanceof StoreUnavailable ? codeOf(thrown.cause) : undefined
        if (attempt === MOST_ATTEMPTS || code === undefined || !CONFLICTS.includes(code)) throw thrown
      }
    }
  }

  exclusive<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result> {
    return this.transaction(async run => {
      await run(`select pg_advisory_xact_lock(${TABLES_LOCK})`)
      return work(run)
    })
  }

  listen(listener: (text: string) => void): void {
    this.#notices = this.#openNotices(listener)
  }

  async publish(run: RunSQL, text: string): Promise<void> {
    await run('select pg_notify($1, $2)', [CHANNEL, text])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#notices?.close()
    await this.#pool.end().catch(() => {})
  }

  async #attempt<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result> {
    const client = await this.#connect()
    const run = runOn(client, this.name)
    try {
      await run('begin')
      const result = await work(run)
      await run('commit')
      client.release()
      return result
    } catch (thrown) {
      const isUndone = await run('rollback').then(
        () => true,
        () => false,
      )
      client.release(!isUndone)
      throw thrown
    }
  }

  async #connect(): Promise<PGPoolClient> {
    try {
      return await this.#pool.connect()
    } catch (thrown) {
      throw new StoreUnavailable(this.name, thrown)
    }
  }
}

function runOn(connection: PGQueryable, name: string): RunSQL {
  return async (statement: string, values: readonly SQLValue[] = []): Promise<readonly SQLRow[]> => {
    try {
      return (await connection.query(statement, values)).rows
    } catch (thrown) {
      throw new StoreUnavailable(name, thrown)
    }
  }
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}
