import { StartupError } from '../../errors/startup-error.ts'
import type { SQLDatabase } from './sql-database.ts'

/** The version of the tables below. A change of them makes it greater, and adds the statements that bring the old ones up to date. */
const VERSION = 1

/**
 * A job is a document, and columns for what is searched. Its input does not change, and is not written again with it. Times
 * are milliseconds since 1970, which need more than 32 bits.
 */
const tables = ({ bytes, serial }: SQLDatabase['types']): readonly string[] => [
  `create table incant_jobs (
    place ${serial}, key text not null unique, owner text not null, id text not null, model text not null,
    status text not null, document text not null, input text, holder text, lease_until bigint,
    created_at bigint not null, completed_at bigint, is_data_removed integer not null, unique (owner, id))`,
  'create index incant_jobs_waiting on incant_jobs (status, model, place)',
  'create index incant_jobs_created on incant_jobs (status, created_at)',
  'create index incant_jobs_held on incant_jobs (holder)',
  'create index incant_jobs_leases on incant_jobs (lease_until)',
  'create index incant_jobs_owned on incant_jobs (owner, place)',
  'create index incant_jobs_ended on incant_jobs (completed_at)',
  `create table incant_job_outputs (
    key text not null, position integer not null, count integer not null, data text, bytes ${bytes},
    primary key (key, position))`,
  `create table incant_webhooks (
    id text primary key, key text not null, sequence integer not null, event text not null, url text not null,
    attempts integer not null, due bigint not null, snapshot text not null, holder text, lease_until bigint,
    unique (key, sequence))`,
  'create index incant_webhooks_due on incant_webhooks (due)',
]

/**
 * Makes the tables where there are none.
 *
 * @throws {StartupError} `jobs_store`, where they are of a later version.
 */
export async function prepareTables(database: SQLDatabase): Promise<void> {
  await database.exclusive(async run => {
    await run('create table if not exists incant_jobs_version (version integer not null)')
    const [row] = await run('select version from incant_jobs_version')
    if (row === undefined) {
      for (const statement of tables(database.types)) await run(statement)
      await run('insert into incant_jobs_version (version) values ($1)', [VERSION])
    } else if (Number(row['version']) !== VERSION) throw otherVersion(database.name, Number(row['version']))
  })
}

function otherVersion(name: string, version: number): StartupError {
  return new StartupError({
    code: 'jobs_store',
    found: `the store of jobs ${name} is of version ${version}, and this version of Incant reads version ${VERSION}`,
    instead: 'Run the version of Incant that has written it, or give --jobs-store another place.',
  })
}
