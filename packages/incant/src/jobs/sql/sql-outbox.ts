import type { Job, WebhookEvent } from '../job.ts'
import type { SettledWebhook, WebhookClaim } from '../store.ts'
import { deliveryOf, type WebhookRow, webhookOf } from '../webhook.ts'
import { placeholders, readWebhookRow } from './rows.ts'
import type { RunSQL, SQLDatabase } from './sql-database.ts'

/** Writes the webhook of an event. Returns the job with it, or undefined where there is no new one. */
export async function writeWebhook(run: RunSQL, job: Job, occurrence: Occurrence): Promise<Job | undefined> {
  const row = webhookOf(job, occurrence.event, occurrence.now)
  if (row === undefined || (await refreshWaiting(run, row))) return undefined
  await run(
    `insert into incant_webhooks (id, key, sequence, event, url, attempts, due, snapshot) values (${placeholders(8)})`,
    [row.id, row.key, row.sequence, row.event, row.url, row.attempts, row.due, JSON.stringify(row.snapshot)],
  )
  return { ...job, webhooks: row.sequence, webhookDelivery: deliveryOf(job, row) }
}

/** That an event has happened. */
interface Occurrence {
  readonly event: WebhookEvent
  readonly now: number
}

/** One of progress that waits already is brought up to date in its place. */
async function refreshWaiting(run: RunSQL, { key, event, snapshot }: WebhookRow): Promise<boolean> {
  if (event !== 'output' && event !== 'logs') return false
  const refreshed = await run(
    'update incant_webhooks set snapshot = $3 where key = $1 and event = $2 and holder is null returning id',
    [key, event, JSON.stringify(snapshot)],
  )
  return refreshed.length > 0
}

/** Leases the webhooks that are due, the oldest of each job. */
export function claimWebhooks(
  database: SQLDatabase,
  { lease, limit }: WebhookClaim,
  now: number,
): Promise<readonly WebhookRow[]> {
  return database.transaction(async run => {
    const due = await run(
      `select w.id from incant_webhooks w
       where w.due <= $1 and (w.lease_until is null or w.lease_until <= $1) and not exists
         (select 1 from incant_webhooks o where o.key = w.key and o.sequence < w.sequence)
       order by w.due limit $2 ${database.lock.skip}`,
      [now, limit],
    )
    if (due.length === 0) return []
    const ids = due.map(({ id }) => String(id))
    const claimed = await run(
      `update incant_webhooks set holder = $1, lease_until = $2 where id in (${placeholders(ids.length, 3)}) returning *`,
      [lease.holder, lease.until, ...ids],
    )
    return claimed.map(readWebhookRow)
  })
}

/** Notes an attempt. Returns the webhook after it, or undefined where it is not that front's any more. */
export async function settleRow(run: RunSQL, { id, holder, outcome }: SettledWebhook): Promise<WebhookRow | undefined> {
  const [row] =
    outcome.kind === 'retry'
      ? await run(
          `update incant_webhooks set attempts = attempts + 1, due = $3, holder = null, lease_until = null
           where id = $1 and holder = $2 returning *`,
          [id, holder, outcome.due],
        )
      : await run('delete from incant_webhooks where id = $1 and holder = $2 returning *', [id, holder])
  if (row === undefined) return undefined
  const settled = readWebhookRow(row)
  return outcome.kind === 'retry' ? settled : { ...settled, attempts: settled.attempts + 1 }
}
