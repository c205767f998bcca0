import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError } from '../../errors/startup-error.ts'
import { prepareTables } from '../sql/schema.ts'
import { SQLStore } from '../sql/sql-store.ts'
import { requirePG } from './pg-module.ts'
import { PostgresDatabase } from './postgres-database.ts'

/** Milliseconds that a connection may take to be made, and a statement to be answered. */
const CONNECTION_TIMEOUT = 5000
const QUERY_TIMEOUT = 15_000

/** Connections of a server at most, beside the one that listens. */
const MOST_CONNECTIONS = 10

/**
 * Opens a store of jobs in PostgreSQL, which several servers can share. It makes its tables, `incant_…`, where there are
 * none.
 *
 * @param url - `postgres://user:password@host/database`, as `pg` reads it.
 * @param module - The module next to which packages of the predictor are installed.
 * @throws {StartupError} `jobs_store`
 */
export async function openPostgresStore(url: string, module: string | URL | undefined): Promise<SQLStore> {
  const name = withoutPassword(url)
  const options = {
    connectionString: url,
    application_name: 'incant',
    connectionTimeoutMillis: CONNECTION_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    keepAlive: true,
    max: MOST_CONNECTIONS,
  }
  const database = new PostgresDatabase(requirePG(module), options, name)
  try {
    await database.open()
    await prepareTables(database)
    return new SQLStore(database)
  } catch (thrown) {
    await database.close()
    throw StartupError.is(thrown) ? thrown : cannotOpen(name, thrown)
  }
}

function cannotOpen(name: string, thrown: unknown): StartupError {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
  return new StartupError({
    code: 'jobs_store',
    found: `the store of jobs ${name} cannot be opened: ${describeThrown(cause).message}`,
    instead: 'Start the database, fix --jobs-store, or leave it out: jobs are then lost when the server ends.',
    cause,
  })
}

/** The query may have a password, too. */
function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return 'postgres://…'
  const { protocol, username, host, pathname } = new URL(text)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}
