import type { Job, WebhookEvent } from '../../../src/jobs/job.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import type { JobChange, SettledWebhook } from '../../../src/jobs/store.ts'

/** A store whose clock is moved by hand, and whose settled webhooks can be waited for. */
export class ObservedStore extends MemoryStore {
  readonly settled: SettledWebhook[] = []
  /** What asking for webhooks fails with. */
  failure: Error | undefined
  /** How often it was asked. */
  claims = 0
  readonly #clock: { now: number }
  #ring: ((change: JobChange) => void) | undefined
  #onSettled: (() => void) | undefined

  constructor(clock: { now: number } = { now: 1_700_000_000_000 }) {
    super(() => clock.now)
    this.#clock = clock
  }

  /** Moves the clock, and says that webhooks may be due, as a poll would find. */
  pass(milliseconds: number): void {
    this.#clock.now += milliseconds
    this.ring()
  }

  ring(): void {
    this.#ring?.({ key: '', kind: 'webhook' })
  }

  override watch(listener: (change: JobChange) => void): () => void {
    this.#ring = listener
    return super.watch(listener)
  }

  override async claimWebhooks(claim: Parameters<MemoryStore['claimWebhooks']>[0]) {
    this.claims += 1
    if (this.failure !== undefined) throw this.failure
    return super.claimWebhooks(claim)
  }

  override async settleWebhook(settled: SettledWebhook): Promise<boolean> {
    const isOurs = await super.settleWebhook(settled)
    this.settled.push(settled)
    this.#onSettled?.()
    return isOurs
  }

  /** Waits until so many webhooks were settled in all. */
  async untilSettled(count: number): Promise<void> {
    while (this.settled.length < count)
      await new Promise<void>(resolve => {
        this.#onSettled = resolve
      })
  }
}

let jobs = 0

/** Adds a job that reports to a URL. */
export async function addJob(store: MemoryStore, url: string, events: readonly WebhookEvent[] = ['completed']) {
  jobs += 1
  const key = `job${String(jobs).padStart(23, 'a')}`
  const { job } = await store.create({
    key,
    id: key,
    owner: '',
    principal: undefined,
    model: 'words',
    version: undefined,
    input: '{}',
    digest: '',
    metadata: undefined,
    origin: 'http://127.0.0.1',
    token: '',
    webhook: { url, events },
    maxAttempts: 1,
    lease: undefined,
  })
  return job
}

/** Begins the job that has waited longest. */
export async function beginJob(store: MemoryStore): Promise<Job> {
  const lease = { holder: 'front', until: store.now() + 1000 }
  const job = await store.claim({ lease, models: ['words'] })
  if (job === undefined) throw new Error('no job waits')
  return job
}

/** Adds a job that is done at once. */
export async function endJob(store: MemoryStore, url: string, events?: readonly WebhookEvent[]): Promise<string> {
  await addJob(store, url, events)
  const { key } = await beginJob(store)
  await store.end({ key, holder: 'front', status: 'succeeded' })
  return key
}
