import { statSync } from 'node:fs'
import type { RunSQL, SQLDatabase, SQLRow, SQLValue } from '../sql/sql-database.ts'
import { StoreUnavailable } from '../store.ts'
import type { SQLiteConnection, SQLiteModule, SQLiteStatement } from './sqlite-module.ts'

/** Milliseconds that a transaction waits for one of another process. */
const BUSY_TIMEOUT = 5000

/** Transactions that are committed together at most. */
const MOST_TOGETHER = 64

/** A transaction that has not begun. */
interface Waiting {
  readonly work: (run: RunSQL) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (reason: unknown) => void
}

/**
 * A file of SQLite, in a thread that has nothing else to do: every statement blocks it, and a commit until the disk has the
 * data, which takes milliseconds. What arrives meanwhile is committed together afterwards, so that a slow disk delays
 * transactions but hardly limits how many there are.
 *
 * Several processes of one machine can use one file: a transaction takes the lock of the file as it begins.
 */
export class SQLiteDatabase implements SQLDatabase {
  readonly name: string
  readonly types = { bytes: 'blob', serial: 'integer primary key autoincrement' } as const
  /** One transaction at a time. */
  readonly lock = { wait: '', skip: '' } as const
  readonly #path: string
  readonly #inode: number
  readonly #connection: SQLiteConnection
  readonly #statements: Map<string, SQLiteStatement> = new Map()
  readonly #waiting: Waiting[] = []
  #isWorking = false

  /** @throws What keeps the file from being opened. */
  constructor({ DatabaseSync }: SQLiteModule, path: string, name: string) {
    this.name = name
    this.#path = path
    this.#connection = new DatabaseSync(path)
    try {
      this.#connection.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
      // Readers and the writer do not wait for each other, and what was committed survives a loss of power.
      whileLocked(() => this.#connection.exec('pragma journal_mode = wal'))
      this.#connection.exec('pragma synchronous = full')
      this.#inode = statSync(path).ino
    } catch (thrown) {
      this.#connection.close()
      throw thrown
    }
  }

  /** All processes that share the file are on this machine, so its clock is theirs. */
  now(): number {
    return Date.now()
  }

  readonly run: RunSQL = (statement, values) => this.transaction(run => run(statement, values))

  transaction<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      // The result of this work, and of no other.
      this.#waiting.push({ work, resolve: result => resolve(result as Result), reject })
      if (!this.#isWorking) void this.#work()
    })
  }

  exclusive<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result> {
    return this.transaction(work)
  }

  async close(): Promise<void> {
    // After what was asked before.
    await this.run('select 1').catch(() => {})
    this.#statements.clear()
    this.#connection.close()
  }

  /** Lets what has arrived in this turn come together. */
  async #work(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.length > 0) {
      await new Promise(resolve => setImmediate(resolve))
      await this.#commit(this.#waiting.splice(0, MOST_TOGETHER))
    }
    this.#isWorking = false
  }

  /** Commits some transactions together. One that fails undoes its own changes alone; nobody hears before all are on disk. */
  async #commit(together: readonly Waiting[]): Promise<void> {
    const outcomes: (() => void)[] = []
    try {
      this.#checkFile()
      this.#query('begin immediate')
      for (const each of together) outcomes.push(await this.#attempt(each))
      this.#query('commit')
    } catch (thrown) {
      this.#undo()
      for (const { reject } of together) reject(thrown)
      return
    }
    for (const tell of outcomes) tell()
  }

  async #attempt({ work, resolve, reject }: Waiting): Promise<() => void> {
    this.#query('savepoint work')
    try {
      const result = await work(async (statement, values) => this.#query(statement, values))
      this.#query('release work')
      return () => resolve(result)
    } catch (thrown) {
      // A disk that is full may have undone the whole transaction: then this fails, and with it all of them.
      this.#query('rollback to work')
      this.#query('release work')
      return () => reject(thrown)
    }
  }

  #undo(): void {
    try {
      this.#query('rollback')
    } catch {
      // It was undone already, or never began.
    }
  }

  #query(statement: string, values: readonly SQLValue[] = []): readonly SQLRow[] {
    try {
      return this.#prepare(statement).all(Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value])))
    } catch (thrown) {
      throw new StoreUnavailable(this.name, thrown)
    }
  }

  #prepare(statement: string): SQLiteStatement {
    const known = this.#statements.get(statement)
    if (known !== undefined) return known
    const prepared = this.#connection.prepare(statement)
    this.#statements.set(statement, prepared)
    return prepared
  }

  /** SQLite goes on with a file that was removed: what it takes would be gone with the process. */
  #checkFile(): void {
    const inode = statSync(this.#path, { throwIfNoEntry: false })?.ino
    if (inode !== this.#inode) throw new StoreUnavailable(this.name, new Error('its file was removed or replaced'))
  }
}

/** The code of SQLite for a file that another connection has locked. */
const SQLITE_BUSY = 5

/** Milliseconds between two attempts. */
const PAUSE = 10

/**
 * Repeats what fails while another connection has the file. SQLite waits for locks itself, but not where it changes the
 * journal: of several servers that open a new file at once, all but one fail at once.
 */
function whileLocked(work: () => void): void {
  const until = performance.now() + BUSY_TIMEOUT
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      work()
      return
    } catch (thrown) {
      if (!isLocked(thrown) || performance.now() > until) throw thrown
      Atomics.wait(pause, 0, 0, PAUSE)
    }
  }
}

function isLocked(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY
}
