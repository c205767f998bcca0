import { createJob, isOver, type Job, type Lease, type NewJob, type OutputPart, type WebhookEvent } from './job.ts'
import { MemoryOutbox } from './memory-outbox.ts'
import {
  type CreatedJob,
  changeOf,
  type HeldJob,
  type JobAddition,
  type JobChange,
  type JobClaim,
  type JobCounts,
  type JobEnding,
  type JobQuery,
  type JobStore,
  type PutBack,
  type Retention,
  type SettledWebhook,
  StoreUnavailable,
  type WebhookClaim,
} from './store.ts'
import { advance, canBegin, type JobEvent } from './transitions.ts'
import { afterAttempt, deliveryOf, type WebhookRow, webhookOf } from './webhook.ts'

/** A job and its data. */
interface StoredJob {
  job: Job
  parts: OutputPart[]
  /** What it counts for in the size of the store. */
  size: number
}

/** Jobs in the memory of this process, which are lost when it ends. */
export class MemoryStore implements JobStore {
  readonly name = 'memory'
  readonly now: () => number
  /** In the order in which they came. */
  readonly #jobs: Map<string, StoredJob> = new Map()
  readonly #keys: Map<string, string> = new Map()
  /** The jobs that are not over, in that order, too. */
  readonly #open: Map<string, StoredJob> = new Map()
  readonly #outbox = new MemoryOutbox()
  readonly #listeners: Set<(change: JobChange) => void> = new Set()

  readonly #limit: number
  #size = 0

  /** @param now - The clock. @param limit - Bytes of inputs, outputs and logs beyond which no job is taken. */
  constructor(now: () => number = Date.now, limit: number = Number.POSITIVE_INFINITY) {
    this.now = now
    this.#limit = limit
  }

  async create(job: NewJob): Promise<CreatedJob> {
    const name = nameOf(job.owner, job.id)
    const known = this.#jobs.get(this.#keys.get(name) ?? '')
    if (known !== undefined) return { job: known.job, isNew: false }
    const stored = { job: createJob(job, this.now()), parts: [], size: 0 }
    if (this.#size + sizeOf(stored.job) > this.#limit) throw new StoreUnavailable(this.name, undefined, 'is full')
    this.#measure(stored)
    this.#jobs.set(job.key, stored)
    this.#keys.set(name, job.key)
    this.#open.set(job.key, stored)
    this.#tell({ key: job.key, kind: 'waiting' })
    return { job: stored.job, isNew: true }
  }

  async get(key: string): Promise<Job | undefined> {
    return this.#jobs.get(key)?.job
  }

  async find(owner: string, id: string): Promise<Job | undefined> {
    return this.get(this.#keys.get(nameOf(owner, id)) ?? '')
  }

  async list({ owner, status, before, limit }: JobQuery): Promise<readonly Job[]> {
    const jobs = [...this.#jobs.values()].reverse().map(({ job }) => job)
    const place = jobs.findIndex(({ key }) => key === before)
    const start = before === undefined ? 0 : place === -1 ? jobs.length : place + 1
    return jobs
      .slice(start)
      .filter(job => (owner ?? job.owner) === job.owner && (status ?? job.status) === job.status)
      .slice(0, limit)
      .map(job => ({ ...job, input: undefined, logs: '' }))
  }

  async readOutput(key: string, from: number): Promise<readonly OutputPart[]> {
    return (this.#jobs.get(key)?.parts ?? []).filter(({ position, count }) => position + count > from)
  }

  async claim({ lease, models }: JobClaim): Promise<Job | undefined> {
    for (const { job } of this.#open.values())
      if (models.includes(job.model) && canBegin(job, lease.holder))
        return this.#apply(job.key, { kind: 'begin', lease, now: this.now() }, ['start'])
    return undefined
  }

  async renew(lease: Lease): Promise<readonly HeldJob[]> {
    const held = [...this.#open.values()].filter(({ job }) => job.lease?.holder === lease.holder)
    for (const stored of held) stored.job = { ...stored.job, lease }
    return held.map(({ job: { key, status, cancelRequested } }) => ({
      key,
      isRunning: status === 'processing',
      cancelRequested,
    }))
  }

  async append({ key, data, events = [], ...addition }: JobAddition): Promise<boolean> {
    return this.#extend(key, { kind: 'append', ...addition }, { data, events }) !== undefined
  }

  async end({ key, data, events: _, ...ending }: JobEnding): Promise<Job | undefined> {
    return this.#extend(key, { kind: 'end', ...ending, now: this.now() }, { data, events: ['completed'] })
  }

  async putBack({ key, ...job }: PutBack): Promise<boolean> {
    return this.#apply(key, { kind: 'putBack', ...job }, []) !== undefined
  }

  async cancel(key: string): Promise<Job | undefined> {
    return this.#apply(key, { kind: 'cancel', now: this.now() }, ['completed']) ?? this.get(key)
  }

  async recover(by: string): Promise<number> {
    return this.#applyToAll({ kind: 'interrupt', now: this.now(), by }, this.#open)
  }

  async sweep({ outputs, jobs, waiting }: Retention): Promise<number> {
    const now = this.now()
    const expired = this.#applyToAll({ kind: 'expire', now, before: now - waiting }, this.#open)
    const forgotten = this.#applyToAll({ kind: 'forget', before: now - outputs }, this.#jobs)
    const old = [...this.#jobs.values()].filter(
      ({ job }) => (job.completedAt ?? now) < now - jobs && !this.#outbox.has(job.key),
    )
    for (const { job, size } of old) {
      this.#size -= size
      this.#jobs.delete(job.key)
      this.#keys.delete(nameOf(job.owner, job.id))
    }
    return expired + forgotten + old.length
  }

  async count(): Promise<JobCounts> {
    let processing = 0
    for (const { job } of this.#open.values()) if (job.status === 'processing') processing += 1
    return { starting: this.#open.size - processing, processing, webhooks: this.#outbox.size }
  }

  async claimWebhooks(claim: WebhookClaim): Promise<readonly WebhookRow[]> {
    return this.#outbox.claim(claim, this.now())
  }

  async settleWebhook(settled: SettledWebhook): Promise<boolean> {
    const row = this.#outbox.settle(settled)
    const stored = this.#jobs.get(row?.key ?? '')
    if (row?.event === 'completed' && stored !== undefined)
      stored.job = { ...stored.job, webhookDelivery: afterAttempt(row.attempts, settled.outcome) }
    return row !== undefined
  }

  watch(listener: (change: JobChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  #extend(
    key: string,
    event: JobEvent & { readonly kind: 'append' | 'end' },
    { data, events }: { readonly data: JobAddition['data']; readonly events: readonly WebhookEvent[] },
  ): Job | undefined {
    const position = this.#jobs.get(key)?.job.output?.count ?? 0
    const job = this.#apply(key, event, events)
    if (job !== undefined && event.output !== undefined && data !== undefined)
      this.#jobs.get(key)?.parts.push({ position, count: event.output.count, data })
    return job
  }

  /** Makes one transition, and writes the webhooks that it causes. */
  #apply(key: string, event: JobEvent, events: readonly WebhookEvent[]): Job | undefined {
    const stored = this.#jobs.get(key)
    const next = stored && advance(stored.job, event)
    if (stored === undefined || next === undefined) return undefined
    const kind = changeOf(stored.job, next)
    // What a job had before it was put back belongs to no attempt.
    if (next.output === undefined) stored.parts = []
    stored.job = next
    this.#measure(stored)
    if (isOver(next)) this.#open.delete(key)
    for (const each of events) if (each !== 'completed' || isOver(next)) this.#report(stored, each)
    this.#tell({ key, kind })
    return stored.job
  }

  #measure(stored: StoredJob): void {
    const size = sizeOf(stored.job)
    this.#size += size - stored.size
    stored.size = size
  }

  #applyToAll(event: JobEvent, jobs: ReadonlyMap<string, StoredJob>): number {
    const events: readonly WebhookEvent[] = event.kind === 'forget' ? [] : ['completed']
    let count = 0
    for (const key of [...jobs.keys()]) if (this.#apply(key, event, events) !== undefined) count += 1
    return count
  }

  #report(stored: StoredJob, event: WebhookEvent): void {
    const row = webhookOf(stored.job, event, this.now())
    if (row === undefined || !this.#outbox.add(row)) return
    stored.job = { ...stored.job, webhooks: row.sequence, webhookDelivery: deliveryOf(stored.job, row) }
    this.#tell({ key: row.key, kind: 'webhook' })
  }

  #tell(change: JobChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}

/** Bytes of what can be large, where a character is one. */
function sizeOf({ input = '', output, logs, metadata = '', returned = '' }: Job): number {
  return input.length + (output?.size ?? 0) + logs.length + metadata.length + returned.length
}

function nameOf(owner: string, id: string): string {
  return JSON.stringify([owner, id])
}
