import { createJob, type Job, type Lease, type NewJob, type OutputPart, type WebhookEvent } from '../job.ts'
import type {
  CreatedJob,
  HeldJob,
  JobAddition,
  JobChange,
  JobClaim,
  JobCounts,
  JobEnding,
  JobQuery,
  JobStore,
  PutBack,
  Retention,
  SettledWebhook,
  WebhookClaim,
} from '../store.ts'
import type { JobEvent } from '../transitions.ts'
import { afterAttempt, type WebhookRow } from '../webhook.ts'
import { ChangeFeed } from './change-feed.ts'
import { advanceJob, BATCH, type Changed, type JobRows, lockJobs, type Transition, writeJob } from './change-jobs.ts'
import { removeJobs } from './remove-jobs.ts'
import { JOB_COLUMNS, placeholders, readJobRow, readOutputRow, writeJobRow } from './rows.ts'
import type { RunSQL, SQLDatabase, SQLRow, SQLValue } from './sql-database.ts'
import { claimWebhooks, settleRow } from './sql-outbox.ts'

/**
 * Jobs in a database. Each transition is a transaction that locks the row of the job, makes the transition of {@link
 * advance}, and writes the row, what was produced and the webhook: all of it, or nothing.
 */
export class SQLStore implements JobStore {
  readonly #database: SQLDatabase
  readonly #feed: ChangeFeed

  /** @param database - One whose tables are there: {@link prepareTables}. */
  constructor(database: SQLDatabase) {
    this.#database = database
    this.#feed = new ChangeFeed(database)
  }

  get name(): string {
    return this.#database.name
  }

  now(): number {
    return this.#database.now()
  }

  async create(given: NewJob): Promise<CreatedJob> {
    const job = createJob(given, this.now())
    const columns = ['key', 'input', ...JOB_COLUMNS]
    return this.#change<CreatedJob>(async run => {
      const [added] = await run(
        `insert into incant_jobs (${columns.join(', ')}) values (${placeholders(columns.length)})
         on conflict (owner, id) do nothing returning key`,
        [job.key, job.input ?? null, ...writeJobRow(job)],
      )
      if (added !== undefined) return { result: { job, isNew: true }, changes: [{ key: job.key, kind: 'waiting' }] }
      const [known] = await run('select * from incant_jobs where owner = $1 and id = $2', [job.owner, job.id])
      return { result: { job: known === undefined ? job : readJobRow(known), isNew: false }, changes: [] }
    })
  }

  async get(key: string): Promise<Job | undefined> {
    return this.#first('where key = $1', [key])
  }

  async find(owner: string, id: string): Promise<Job | undefined> {
    return this.#first('where owner = $1 and id = $2', [owner, id])
  }

  async list({ owner, status, before, limit }: JobQuery): Promise<readonly Job[]> {
    const values: SQLValue[] = [limit]
    const place = (value: string) => `$${values.push(value)}`
    // Only what is asked for, so that each question finds its index.
    const conditions = [
      ...(owner === undefined ? [] : [`owner = ${place(owner)}`]),
      ...(status === undefined ? [] : [`status = ${place(status)}`]),
      ...(before === undefined ? [] : [`place < (select place from incant_jobs where key = ${place(before)})`]),
    ]
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
    const rows = await this.#read(
      `select document, holder, lease_until from incant_jobs ${where} order by place desc limit $1`,
      values,
    )
    return rows.map(row => ({ ...readJobRow(row), logs: '' }))
  }

  async readOutput(key: string, from: number): Promise<readonly OutputPart[]> {
    const rows = await this.#read(
      'select * from incant_job_outputs where key = $1 and position + count > $2 order by position',
      [key, from],
    )
    return rows.map(readOutputRow)
  }

  async claim({ lease, models }: JobClaim): Promise<Job | undefined> {
    if (models.length === 0) return undefined
    const isWanted = `(input is not null or holder = $1) and model in (${placeholders(models.length, 2)})`
    const clause = `where status = 'starting' and ${isWanted} order by place limit 1 ${this.#database.lock.skip}`
    return this.#change(async run => {
      const [job] = await lockJobs(run, { clause, values: [lease.holder, ...models] })
      const now = this.now()
      if (job === undefined) return { result: undefined, changes: [] }
      return advanceJob(run, job, { event: { kind: 'begin', lease, now }, now, events: ['start'] })
    })
  }

  async renew({ holder, until }: Lease): Promise<readonly HeldJob[]> {
    const rows = await this.#read('update incant_jobs set lease_until = $2 where holder = $1 returning document', [
      holder,
      until,
    ])
    return rows.map(readJobRow).map(({ key, status, cancelRequested }) => ({
      key,
      isRunning: status === 'processing',
      cancelRequested,
    }))
  }

  async append({ key, data, events, ...addition }: JobAddition): Promise<boolean> {
    const event = { kind: 'append', ...addition } as const
    return (await this.#advance(key, { event, now: this.now(), data, events })) !== undefined
  }

  async end({ key, data, events: _, ...ending }: JobEnding): Promise<Job | undefined> {
    const now = this.now()
    return this.#advance(key, { event: { kind: 'end', ...ending, now }, now, data, events: ['completed'] })
  }

  async putBack({ key, ...job }: PutBack): Promise<boolean> {
    return (await this.#advance(key, { event: { kind: 'putBack', ...job }, now: this.now() })) !== undefined
  }

  async cancel(key: string): Promise<Job | undefined> {
    const now = this.now()
    const job = await this.#advance(key, { event: { kind: 'cancel', now }, now, events: ['completed'] })
    return job ?? this.get(key)
  }

  async recover(by: string): Promise<number> {
    const now = this.now()
    // One that waits with its input in the store has no lease, and one that is over has none any more.
    const where = 'holder <> $1 and lease_until <= $2'
    return this.#advanceAll({ kind: 'interrupt', now, by }, { clause: where, values: [by, now] })
  }

  async sweep({ outputs, jobs, waiting }: Retention): Promise<number> {
    const now = this.now()
    const isWaiting = "status = 'starting' and created_at < $1"
    const isSent = 'not exists (select 1 from incant_webhooks w where w.key = incant_jobs.key)'
    const isOld = `is_data_removed = 0 and completed_at < $1 and ${isSent}`
    const expired = await this.#advanceAll(
      { kind: 'expire', now, before: now - waiting },
      { clause: isWaiting, values: [now - waiting] },
    )
    const forgotten = await this.#advanceAll(
      { kind: 'forget', before: now - outputs },
      { clause: isOld, values: [now - outputs] },
    )
    const old = await removeJobs(this.#database, { clause: `completed_at < $1 and ${isSent}`, values: [now - jobs] })
    return expired + forgotten + old
  }

  async count(): Promise<JobCounts> {
    // Each is counted in an index.
    const rows = await this.#read(
      `select 'starting' as name, count(*) as amount from incant_jobs where status = 'starting'
       union all select 'processing', count(*) from incant_jobs where status = 'processing'
       union all select 'webhooks', count(*) from incant_webhooks`,
    )
    const amounts = new Map(rows.map(({ name, amount }) => [name, Number(amount)]))
    const of = (name: string) => amounts.get(name) ?? 0
    return { starting: of('starting'), processing: of('processing'), webhooks: of('webhooks') }
  }

  claimWebhooks(claim: WebhookClaim): Promise<readonly WebhookRow[]> {
    return claimWebhooks(this.#database, claim, this.now())
  }

  /** The job is locked first, in the order of every other transaction. */
  async settleWebhook(settled: SettledWebhook): Promise<boolean> {
    return this.#change(async run => {
      const clause = `where key = (select key from incant_webhooks where id = $1) ${this.#database.lock.wait}`
      const [job] = await lockJobs(run, { clause, values: [settled.id] })
      const row = await settleRow(run, settled)
      if (row?.event === 'completed' && job !== undefined)
        await writeJob(run, { ...job, webhookDelivery: afterAttempt(row.attempts, settled.outcome) })
      return { result: row !== undefined, changes: [] }
    })
  }

  watch(listener: (change: JobChange) => void): () => void {
    return this.#feed.watch(listener)
  }

  async close(): Promise<void> {
    this.#feed.close()
    await this.#database.close()
  }

  #read(statement: string, values?: readonly SQLValue[]): Promise<readonly SQLRow[]> {
    return this.#database.run(statement, values)
  }

  async #first(where: string, values: readonly SQLValue[]): Promise<Job | undefined> {
    const [row] = await this.#read(`select * from incant_jobs ${where}`, values)
    return row && readJobRow(row)
  }

  /** Runs a transaction, and tells what it has changed. */
  async #change<Result>(work: (run: RunSQL) => Promise<Changed<Result>>): Promise<Result> {
    const { result, changes } = await this.#database.transaction(async run => {
      const changed = await work(run)
      await this.#feed.publish(run, changed.changes)
      return changed
    })
    this.#feed.tell(changes)
    return result
  }

  #advance(key: string, transition: Transition): Promise<Job | undefined> {
    return this.#change(async run => {
      const [job] = await lockJobs(run, { clause: `where key = $1 ${this.#database.lock.wait}`, values: [key] })
      return job === undefined ? { result: undefined, changes: [] } : advanceJob(run, job, transition)
    })
  }

  /** One transition of all jobs for which it has a place, some in each transaction. */
  async #advanceAll(event: JobEvent, { clause, values }: JobRows): Promise<number> {
    const events: readonly WebhookEvent[] = event.kind === 'forget' ? [] : ['completed']
    const some = `where ${clause} order by place limit ${BATCH} ${this.#database.lock.skip}`
    for (let total = 0; ; ) {
      const advanced = await this.#change(async run => {
        const changed: Changed<Job | undefined>[] = []
        for (const job of await lockJobs(run, { clause: some, values }))
          changed.push(await advanceJob(run, job, { event, now: this.now(), events }))
        const made = changed.filter(({ result }) => result !== undefined)
        return { result: made.length, changes: made.flatMap(({ changes }) => changes) }
      })
      total += advanced
      if (advanced < BATCH) return total
    }
  }
}
