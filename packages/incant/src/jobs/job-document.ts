import { encodeBase64 } from '../json/base64.ts'
import { isOver, type Job, type OutputPart } from './job.ts'
import type { JobStore } from './store.ts'
import type { WebhookRow, WebhookSnapshot } from './webhook.ts'

/** Bytes of an output that stand in the document itself, as a `data:` URL. */
const MAX_INLINE_BYTES = 256 * 1024

/** The paths of a job. */
export function pathsOf({ id }: Pick<Job, 'id'>): {
  readonly get: string
  readonly cancel: string
  readonly output: string
} {
  const get = `/predictions/${encodeURIComponent(id)}`
  return { get, cancel: `${get}/cancel`, output: `${get}/output` }
}

/**
 * A job as its caller sees it: the object of Cog and Replicate, as JSON text. Inputs and outputs stay the text that they
 * are; nothing in them is parsed.
 *
 * @param snapshot - How far the job was: what came later is left out.
 */
export async function writeJob(
  store: Pick<JobStore, 'readOutput'>,
  job: Job,
  snapshot: WebhookSnapshot = { status: job.status, items: job.output?.count ?? 0, logs: job.logs.length },
): Promise<string> {
  const seen = isOver(snapshot) ? job : { ...job, status: snapshot.status, error: undefined, completedAt: undefined }
  const output = await writeOutput(store, job, snapshot.items)
  return joinMembers([
    ...listHead(seen),
    // Absent where it is not kept.
    ...(job.input === undefined ? [] : [['input', job.input || 'null'] as const]),
    ['output', output],
    ...(job.returned === undefined || !isOver(snapshot) ? [] : [['returned', job.returned] as const]),
    ['logs', JSON.stringify(job.logs.slice(0, snapshot.logs))],
    ['metadata', job.metadata ?? 'null'],
  ])
}

/** The same for a list: without what can be large. */
export function summarizeJob(job: Job): string {
  return joinMembers([...listHead(job), ['metadata', job.metadata ?? 'null']])
}

/** The body of a webhook: the same on every attempt. Undefined where the job is not there any more. */
export async function renderWebhook(store: JobStore, row: WebhookRow): Promise<string | undefined> {
  const job = await store.get(row.key)
  return job && writeJob(store, { ...job, webhookDelivery: undefined }, row.snapshot)
}

type Member = readonly [name: string, json: string]

function listHead(job: Job): readonly Member[] {
  const { id, model, version = null, status, error, progress, origin, token } = job
  const paths = pathsOf(job)
  const urls = {
    get: origin + paths.get,
    cancel: origin + paths.cancel,
    // It is opened without credentials, and so found by what nobody can guess.
    stream: `${origin}/predictions/${job.key}/stream?token=${token}`,
  }
  const members = {
    id,
    model,
    version,
    status,
    error: error?.detail ?? null,
    ...(error === undefined ? {} : { error_code: error.code }),
    ...(progress === undefined ? {} : { progress }),
    metrics: metricsOf(job),
    created_at: timeOf(job.createdAt),
    started_at: timeOf(job.startedAt),
    completed_at: timeOf(job.completedAt),
    data_removed: job.isDataRemoved,
    ...(job.webhookDelivery === undefined ? {} : { webhook_delivery: deliveryOf(job) }),
    urls,
  }
  return Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)])
}

function deliveryOf({ webhookDelivery: delivery }: Job): object {
  const { status, attempts, nextAttemptAt, failure } = delivery ?? {}
  return { status, attempts, next_attempt_at: timeOf(nextAttemptAt), failure: failure ?? null }
}

/** Times in seconds, and what predict reported. */
function metricsOf({ metrics, createdAt, startedAt, completedAt }: Job): object {
  return {
    ...metrics,
    ...(startedAt === undefined ? {} : { queue_time: (startedAt - createdAt) / 1000 }),
    ...(startedAt === undefined || completedAt === undefined
      ? {}
      : { predict_time: (completedAt - startedAt) / 1000, total_time: (completedAt - createdAt) / 1000 }),
  }
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}

function joinMembers(members: readonly Member[]): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

async function writeOutput(store: Pick<JobStore, 'readOutput'>, job: Job, items: number): Promise<string> {
  const { output, origin, key } = job
  if (output === undefined || items === 0) return 'null'
  if (output.form === 'bytes' && output.size > MAX_INLINE_BYTES) return JSON.stringify(origin + pathsOf(job).output)
  const parts = await store.readOutput(key, 0)
  if (output.form === 'items') return `[${parts.flatMap(part => itemsOf(part, items)).join(',')}]`
  const data = parts[0]?.data ?? 'null'
  return typeof data === 'string' ? data : JSON.stringify(dataUrl(output.contentType, data))
}

/** The items of a part, each as JSON, up to a number of them. JSON text that was written compactly has no line breaks. */
export function itemsOf({ position, count, data }: OutputPart, end: number): readonly string[] {
  if (typeof data !== 'string' || position >= end) return []
  const items = data.split('\n')
  return position + count > end ? items.slice(0, end - position) : items
}

function dataUrl(contentType = 'application/octet-stream', bytes: Uint8Array): string {
  return `data:${contentType};base64,${encodeBase64(bytes)}`
}
