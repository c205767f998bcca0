import type { Job, OutputPart } from '../job.ts'
import type { WebhookRow } from '../webhook.ts'
import type { SQLRow, SQLValue } from './sql-database.ts'

/** Columns of a job that are searched, and its document, without the input. */
export const JOB_COLUMNS: readonly string[] = [
  'owner',
  'id',
  'model',
  'status',
  'document',
  'holder',
  'lease_until',
  'created_at',
  'completed_at',
  'is_data_removed',
]

/** The values of {@link JOB_COLUMNS}. */
export function writeJobRow(job: Job): readonly SQLValue[] {
  const { input: _, lease, ...document } = job
  return [
    job.owner,
    job.id,
    job.model,
    job.status,
    JSON.stringify(document),
    lease?.holder ?? null,
    lease?.until ?? null,
    job.createdAt,
    job.completedAt ?? null,
    Number(job.isDataRemoved),
  ]
}

/** A job from `document`, `input`, `holder` and `lease_until`. */
export function readJobRow({ document, input, holder, lease_until: until }: SQLRow): Job {
  // Written by writeJobRow, in this version of the tables. JSON leaves out what is undefined.
  const job = JSON.parse(String(document)) as Omit<Job, 'input' | 'lease'>
  return {
    ...job,
    input: typeof input === 'string' ? input : undefined,
    lease: typeof holder === 'string' ? { holder, until: Number(until) } : undefined,
  }
}

/** What a job has produced. */
export function readOutputRow({ position, count, data, bytes }: SQLRow): OutputPart {
  const content = bytes instanceof Uint8Array ? bytes : String(data)
  return { position: Number(position), count: Number(count), data: content }
}

/** A webhook of the outbox. */
export function readWebhookRow({ id, key, sequence, event, url, attempts, due, snapshot }: SQLRow): WebhookRow {
  return {
    id: String(id),
    key: String(key),
    sequence: Number(sequence),
    // As for a job: what was written is one.
    event: String(event) as WebhookRow['event'],
    url: String(url),
    attempts: Number(attempts),
    due: Number(due),
    snapshot: JSON.parse(String(snapshot)) as WebhookRow['snapshot'],
  }
}

/** `$2, $3, $4` for the values from an index on. */
export function placeholders(count: number, first = 1): string {
  return Array.from({ length: count }, (_, index) => `$${first + index}`).join(', ')
}
