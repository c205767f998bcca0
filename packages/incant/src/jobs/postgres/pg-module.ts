import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StartupError } from '../../errors/startup-error.ts'

/** What is used of the package `pg`. */
export interface PGModule {
  readonly Pool: new (options: PGOptions) => PGPool
  readonly Client: new (options: PGOptions) => PGClient
}

/** Options of a connection. Times are milliseconds. */
export interface PGOptions {
  readonly connectionString: string
  readonly application_name: string
  readonly connectionTimeoutMillis: number
  readonly query_timeout?: number
  readonly keepAlive: boolean
  readonly max?: number
}

/** Sends statements. */
export interface PGQueryable {
  query(statement: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

/** A connection of a pool. */
export interface PGPoolClient extends PGQueryable {
  /** @param broken - It is closed, and not used again. */
  release(broken?: boolean): void
}

/** Some connections, opened as they are needed. */
export interface PGPool extends PGQueryable {
  connect(): Promise<PGPoolClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  end(): Promise<void>
}

/** One connection. */
export interface PGClient extends PGQueryable {
  connect(): Promise<unknown>
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  end(): Promise<void>
}

/**
 * Loads the package that is installed where the predictor is, in the current folder, or beside Incant.
 *
 * @param module - The module next to which packages of the predictor are installed.
 * @throws {StartupError} `jobs_store`
 */
export function requirePG(module: string | URL | undefined): PGModule {
  const others = [join(process.cwd(), 'index.js'), import.meta.url]
  let cause: unknown
  for (const place of module === undefined ? others : [module, ...others]) {
    try {
      // What it exports is its documented interface.
      return createRequire(place)('pg') as PGModule
    } catch (error) {
      cause ??= error
    }
  }
  throw new StartupError({
    code: 'jobs_store',
    found: 'a store of jobs in PostgreSQL needs the package pg, which cannot be loaded from where the predictor is',
    instead: 'Install it there: npm install pg',
    cause,
  })
}
