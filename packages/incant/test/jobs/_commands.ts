import fc from 'fast-check'
import { expect } from 'vitest'
import { isOver, type Job, type JobEnd, type WebhookEvent } from '../../src/jobs/job.ts'
import type { JobStore } from '../../src/jobs/store.ts'
import type { WebhookOutcome, WebhookRow } from '../../src/jobs/webhook.ts'

/** A time that goes on when it is told to. */
export class Clock {
  time = 1_700_000_000_000
  readonly now = (): number => this.time
}

const FRONTS = ['front-1', 'front-2'] as const
const IDS = ['a', 'b', 'c'] as const
const OWNERS = ['ann', 'bob'] as const
const EVENTS: readonly WebhookEvent[] = ['start', 'output', 'logs', 'completed']
const LEASE = 1000
const RETENTION = { outputs: 5000, jobs: 20_000, waiting: 15_000 }

/** Something that a front, a caller or time does to a store. */
export type Command =
  | {
      readonly kind: 'create'
      readonly job: number
      readonly owner: number
      readonly attempts: number
      readonly isStored: boolean
      readonly events: readonly WebhookEvent[]
    }
  | { readonly kind: 'claim' | 'renew' | 'recover' | 'claimWebhooks'; readonly front: number }
  | {
      readonly kind: 'append'
      readonly front: number
      readonly job: number
      readonly items: number
      readonly logs: string
    }
  | { readonly kind: 'end'; readonly front: number; readonly job: number; readonly status: JobEnd }
  | { readonly kind: 'putBack'; readonly front: number; readonly job: number; readonly hasBegun: boolean }
  | { readonly kind: 'cancel'; readonly job: number }
  | { readonly kind: 'settle'; readonly front: number; readonly outcome: WebhookOutcome['kind'] }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'sweep' }

const front = fc.nat(FRONTS.length - 1)
// Few jobs, so that much happens to each.
const job = fc.nat(5)

/** Commands in any order: most of them make no sense where they come. */
export const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('create' as const),
        job: fc.nat(IDS.length - 1),
        owner: fc.nat(OWNERS.length - 1),
        attempts: fc.integer({ min: 1, max: 2 }),
        isStored: fc.boolean(),
        events: fc.subarray([...EVENTS]),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('claim' as const, 'renew' as const, 'recover' as const, 'claimWebhooks' as const),
        front,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        front,
        job,
        items: fc.nat(2),
        logs: fc.constantFrom('', 'line\n'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        front,
        job,
        status: fc.constantFrom('succeeded' as const, 'failed' as const, 'canceled' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('putBack' as const), front, job, hasBegun: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), job }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        front,
        outcome: fc.constantFrom('delivered' as const, 'retry' as const, 'givenUp' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        milliseconds: fc.constantFrom(1, 400, 1100, 6000, 21_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  ),
  { minLength: 10, maxLength: 60 },
)

/** What is known of a job from outside of its store. */
interface Seen {
  job: Job
  begun: number
  putBackUnbegun: number
  completed: Set<string>
  lastSettled: number
}

/** Does one command after the other to a store, and checks after each that the rules hold. */
export class Play {
  readonly #store: JobStore
  readonly #clock: Clock
  readonly #seen: Map<string, Seen> = new Map()
  readonly #claimed: Map<string, WebhookRow[]> = new Map()
  /** What was answered, for a comparison with another store. */
  readonly trace: unknown[] = []

  constructor(store: JobStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async run(sequence: readonly Command[]): Promise<void> {
    for (const [index, command] of sequence.entries()) {
      this.trace.push([command.kind, await this.#do(command, index)])
      for (const [key, seen] of this.#seen) await this.#check(key, seen)
    }
  }

  async #do(command: Command, index: number): Promise<unknown> {
    const store = this.#store
    const now = store.now()
    switch (command.kind) {
      case 'create':
        return this.#create(command, index)
      case 'claim':
        return this.#begin(await store.claim({ lease: this.#lease(command.front), models: ['m'] }))
      case 'renew':
        return [...(await store.renew(this.#lease(command.front)))].sort((one, other) =>
          one.key.localeCompare(other.key),
        )
      case 'recover':
        return store.recover(FRONTS[command.front] ?? '')
      case 'append': {
        const output =
          command.items === 0
            ? undefined
            : ({ form: 'items', contentType: undefined, count: command.items, size: 2 * command.items } as const)
        const data = Array.from({ length: command.items }, () => '1').join('\n')
        const isHeld = this.#isHeld(command)
        const done = await store.append({
          key: this.#key(command.job),
          holder: FRONTS[command.front] ?? '',
          output,
          data,
          logs: command.logs,
          metrics: { steps: index },
          events: ['output', 'logs'],
        })
        expect(done).toBe(isHeld)
        return done
      }
      case 'end': {
        const isHeld = this.#isHeld(command)
        const ended = await store.end({
          key: this.#key(command.job),
          holder: FRONTS[command.front] ?? '',
          status: command.status,
          error: command.status === 'failed' ? { code: 'internal', detail: 'It failed.' } : undefined,
        })
        expect(ended !== undefined).toBe(isHeld)
        return ended
      }
      case 'putBack': {
        const key = this.#key(command.job)
        const done = await store.putBack({ key, holder: FRONTS[command.front] ?? '', hasBegun: command.hasBegun })
        const seen = this.#seen.get(key)
        if (done && seen !== undefined && !command.hasBegun) seen.putBackUnbegun += 1
        return done
      }
      case 'cancel':
        return store.cancel(this.#key(command.job))
      case 'claimWebhooks':
        return this.#take(await store.claimWebhooks({ lease: this.#lease(command.front), limit: 2 }), command.front)
      case 'settle':
        return this.#settle(command.front, command.outcome, now)
      case 'wait':
        this.#clock.time += command.milliseconds
        return undefined
      case 'sweep':
        return store.sweep(RETENTION)
    }
  }

  async #create(
    { job: number, owner, attempts, isStored, events }: Command & { kind: 'create' },
    index: number,
  ): Promise<unknown> {
    const key = `key-${index}`
    const created = await this.#store.create({
      key,
      id: IDS[number] ?? '',
      owner: OWNERS[owner] ?? '',
      principal: { id: OWNERS[owner] ?? '' },
      model: 'm',
      version: undefined,
      input: isStored ? '{"text":"x"}' : undefined,
      digest: 'd',
      metadata: undefined,
      origin: 'http://127.0.0.1',
      token: `token-${index}`,
      webhook: events.length === 0 ? undefined : { url: 'https://hooks.example.com/', events },
      maxAttempts: attempts,
      lease: isStored ? undefined : this.#lease(index % 2),
    })
    const isKnown = [...this.#seen.values()].some(({ job }) => job.key === created.job.key)
    expect(created.isNew).toBe(!isKnown)
    if (created.isNew)
      this.#seen.set(key, { job: created.job, begun: 0, putBackUnbegun: 0, completed: new Set(), lastSettled: 0 })
    return created
  }

  #begin(job: Job | undefined): unknown {
    const seen = this.#seen.get(job?.key ?? '')
    if (job === undefined || seen === undefined) return job
    expect(seen.job.status).toBe('starting')
    seen.begun += 1
    return job
  }

  #take(rows: readonly WebhookRow[], number: number): unknown {
    for (const row of rows) {
      expect(row.sequence).toBeGreaterThan(this.#seen.get(row.key)?.lastSettled ?? 0)
      if (row.event === 'completed') this.#seen.get(row.key)?.completed.add(row.id)
    }
    const name = FRONTS[number] ?? ''
    this.#claimed.set(name, [...(this.#claimed.get(name) ?? []), ...rows])
    return [...rows].sort((one, other) => one.id.localeCompare(other.id))
  }

  async #settle(number: number, kind: WebhookOutcome['kind'], now: number): Promise<unknown> {
    const holder = FRONTS[number] ?? ''
    const row = this.#claimed.get(holder)?.shift()
    if (row === undefined) return undefined
    const outcome: WebhookOutcome =
      kind === 'delivered'
        ? { kind }
        : kind === 'retry'
          ? { kind, due: now + 50, failure: 'HTTP 500' }
          : { kind, failure: 'HTTP 410' }
    const done = await this.#store.settleWebhook({ id: row.id, holder, outcome })
    const seen = this.#seen.get(row.key)
    if (done && kind !== 'retry' && seen !== undefined) seen.lastSettled = row.sequence
    return done
  }

  async #check(key: string, seen: Seen): Promise<void> {
    const job = await this.#store.get(key)
    if (job === undefined) {
      // Only what is over, and reported, is removed.
      expect(isOver(seen.job)).toBe(true)
      expect(seen.job.webhookDelivery?.status).not.toBe('pending')
      this.#seen.delete(key)
      return
    }
    expect(NEXT[seen.job.status]).toContain(job.status)
    expect(job.lease !== undefined || job.status === 'starting').toBe(!isOver(job))
    expect(job.status === 'processing' && job.lease === undefined).toBe(false)
    expect(job.startedAt !== undefined).toBe(
      job.status === 'processing' || (isOver(job) && job.attempts > 0 && job.startedAt !== undefined),
    )
    expect(job.completedAt !== undefined).toBe(isOver(job))
    expect(job.error !== undefined).toBe(job.status === 'failed')
    if (job.status === 'starting') {
      const { output, logs, metrics, cancelRequested } = job
      expect({ output, logs, metrics, cancelRequested }).toEqual({ logs: '', metrics: {}, cancelRequested: false })
    }
    // Begun no more often than it may.
    expect(job.attempts).toBe(seen.begun - seen.putBackUnbegun)
    expect(job.attempts).toBeLessThanOrEqual(job.maxAttempts)
    const parts = await this.#store.readOutput(key, 0)
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(job.output?.count ?? 0)
    if (isOver(seen.job))
      expect(withoutAfterlife(job)).toEqual(
        withoutAfterlife(job.isDataRemoved ? { ...seen.job, ...REMOVED } : seen.job),
      )
    const asks = job.webhook?.events.includes('completed') === true
    expect(job.webhookDelivery !== undefined).toBe(asks && isOver(job))
    expect(seen.completed.size).toBeLessThanOrEqual(asks && isOver(job) ? 1 : 0)
    seen.job = job
    this.trace.push(job, parts.map(({ data }) => data).join('\n'))
  }

  #isHeld({ job: number, front: by }: { readonly job: number; readonly front: number }): boolean {
    const seen = this.#seen.get(this.#key(number))?.job
    return seen?.status === 'processing' && seen.lease?.holder === FRONTS[by]
  }

  /** The key of one of the newest jobs. */
  #key(number: number): string {
    return [...this.#seen.keys()].at(-1 - number) ?? 'none'
  }

  #lease(number: number): { readonly holder: string; readonly until: number } {
    return { holder: FRONTS[number] ?? '', until: this.#store.now() + LEASE }
  }
}

const NEXT: Readonly<Record<Job['status'], readonly Job['status'][]>> = {
  starting: ['starting', 'processing', 'canceled', 'failed'],
  processing: ['processing', 'starting', 'succeeded', 'failed', 'canceled'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  canceled: ['canceled'],
}

const REMOVED = { input: undefined, logs: '', output: undefined, returned: undefined, isDataRemoved: true }

/** What may still change once a job is over: whether its webhook has arrived. */
function withoutAfterlife({ webhookDelivery: _, ...job }: Job): object {
  return job
}
