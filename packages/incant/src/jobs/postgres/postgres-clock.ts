import type { PGQueryable } from './pg-module.ts'

/**
 * The clock of a database, without asking it each time: all fronts on one database agree on it. Between two looks it goes on
 * with the monotonic clock, so that a change of this machine's time moves no lease.
 */
export class PostgresClock {
  #time = Date.now()
  #lookedAt: number = performance.now()

  /** Milliseconds since 1970. */
  now(): number {
    return Math.floor(this.#time + performance.now() - this.#lookedAt)
  }

  /** Looks at the clock of the database. Half of the time that the answer takes is the way back. */
  async look(connection: PGQueryable): Promise<void> {
    const asked = performance.now()
    const { rows } = await connection.query('select extract(epoch from clock_timestamp()) * 1000 as now')
    this.#lookedAt = performance.now()
    this.#time = Number(rows[0]?.['now']) + (this.#lookedAt - asked) / 2
  }
}
