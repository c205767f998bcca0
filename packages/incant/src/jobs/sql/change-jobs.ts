import { isOver, type Job, type WebhookEvent } from '../job.ts'
import { changeOf, type JobChange } from '../store.ts'
import { advance, type JobEvent } from '../transitions.ts'
import { JOB_COLUMNS, readJobRow, writeJobRow } from './rows.ts'
import type { RunSQL, SQLValue } from './sql-database.ts'
import { writeWebhook } from './sql-outbox.ts'

/** Jobs that one transaction changes at most, so that no other waits for long. */
export const BATCH = 100

/** What a transaction has done, and what is told of it afterwards. */
export interface Changed<Result> {
  readonly result: Result
  readonly changes: readonly JobChange[]
}

/** A transition, and what is stored beside it. */
export interface Transition {
  readonly event: JobEvent
  readonly now: number
  readonly data?: string | Uint8Array | undefined
  /** What webhooks are written for; `completed` where the job is over by it. */
  readonly events?: readonly WebhookEvent[] | undefined
}

/** A query for jobs to change: what follows `from incant_jobs`, the lock included. */
export interface JobRows {
  readonly clause: string
  readonly values: readonly SQLValue[]
}

/** Locks jobs until the transaction is over. */
export async function lockJobs(run: RunSQL, { clause, values }: JobRows): Promise<readonly Job[]> {
  return (await run(`select * from incant_jobs ${clause}`, values)).map(readJobRow)
}

/** Makes the transition of a locked job. The result is undefined where the event has no place. */
export async function advanceJob(run: RunSQL, job: Job, transition: Transition): Promise<Changed<Job | undefined>> {
  const { event, now, data, events = [] } = transition
  const next = advance(job, event)
  if (next === undefined) return { result: undefined, changes: [] }
  await writeOutput(run, job, { ...transition, next, data })
  const changes: JobChange[] = [{ key: job.key, kind: changeOf(job, next) }]
  let written = next
  for (const each of events.filter(name => name !== 'completed' || isOver(next))) {
    const reported = await writeWebhook(run, written, { event: each, now })
    if (reported === undefined) continue
    written = reported
    changes.push({ key: job.key, kind: 'webhook' })
  }
  await writeJob(run, written)
  if (job.input !== undefined && next.input === undefined)
    await run('update incant_jobs set input = null where key = $1', [job.key])
  return { result: written, changes }
}

/** Writes a job, but for its input, which does not change. */
export async function writeJob(run: RunSQL, job: Job): Promise<void> {
  const assignments = JOB_COLUMNS.map((column, index) => `${column} = $${index + 2}`)
  await run(`update incant_jobs set ${assignments.join(', ')} where key = $1`, [job.key, ...writeJobRow(job)])
}

/** What a job had before it was put back belongs to no attempt, and is removed. */
async function writeOutput(run: RunSQL, job: Job, { next, event, data }: Transition & { readonly next: Job }) {
  if (job.output !== undefined && next.output === undefined)
    await run('delete from incant_job_outputs where key = $1', [job.key])
  if ((event.kind !== 'append' && event.kind !== 'end') || event.output === undefined || data === undefined) return
  const [text, bytes] = typeof data === 'string' ? [data, null] : [null, data]
  const position = job.output?.count ?? 0
  await run('insert into incant_job_outputs (key, position, count, data, bytes) values ($1, $2, $3, $4, $5)', [
    job.key,
    position,
    event.output.count,
    text,
    bytes,
  ])
}
