import { BATCH, type JobRows } from './change-jobs.ts'
import { placeholders } from './rows.ts'
import type { RunSQL, SQLDatabase } from './sql-database.ts'

/** Removes jobs and what they have produced, some in each transaction. Returns how many. @param jobs - What follows `where`. */
export async function removeJobs(database: SQLDatabase, jobs: JobRows): Promise<number> {
  for (let total = 0; ; ) {
    const removed = await database.transaction(run => removeSome(run, jobs))
    total += removed
    if (removed < BATCH) return total
  }
}

async function removeSome(run: RunSQL, { clause, values }: JobRows): Promise<number> {
  const some = `select place from incant_jobs where ${clause} limit ${BATCH}`
  const rows = await run(`delete from incant_jobs where place in (${some}) returning key`, values)
  const keys = rows.map(({ key }) => String(key))
  if (keys.length > 0) await run(`delete from incant_job_outputs where key in (${placeholders(keys.length)})`, keys)
  return keys.length
}
