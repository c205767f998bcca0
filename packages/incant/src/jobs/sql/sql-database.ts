/** A value of a statement. */
export type SQLValue = string | number | null | Uint8Array

/** A row, by the names of its columns. */
export type SQLRow = Readonly<Record<string, unknown>>

/** Runs one statement: its values are `$1`, `$2` and so on. Returns its rows, of `RETURNING` too. */
export type RunSQL = (statement: string, values?: readonly SQLValue[]) => Promise<readonly SQLRow[]>

/**
 * A database under an `SQLStore`. Its statements are those that SQLite and PostgreSQL understand alike; what differs is here.
 * What fails because the database is away is a `StoreUnavailable`.
 */
export interface SQLDatabase {
  /** For messages: a path, an address without a password. */
  readonly name: string
  /** The types of columns. */
  readonly types: { readonly bytes: string; readonly serial: string }
  /**
   * What follows a `SELECT` whose rows are to be changed. `skip`: rows that another transaction has are left out. Empty where
   * there is one transaction at a time.
   */
  readonly lock: { readonly wait: string; readonly skip: string }
  /** Its clock, in milliseconds since 1970. */
  now(): number
  /** Runs one statement that counts at once. */
  readonly run: RunSQL
  /** Runs statements of which all count, or none. */
  transaction<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result>
  /** The same for what must not happen twice at a time, such as making the tables. */
  exclusive<Result>(work: (run: RunSQL) => Promise<Result>): Promise<Result>
  /** Calls back with the texts that other processes have published. Absent: there are none. */
  listen?(listener: (text: string) => void): void
  /** Publishes a text when the transaction is over. */
  publish?(run: RunSQL, text: string): Promise<void>
  close(): Promise<void>
}
