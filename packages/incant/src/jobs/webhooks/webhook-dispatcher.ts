import { Bell } from '../../async/bell.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import type { Logger } from '../../log/logger.ts'
import type { WebhookRecord } from '../../metrics/webhook-record.ts'
import { signWebhook } from '../../signing/signature.ts'
import { renderWebhook } from '../job-document.ts'
import type { JobStore } from '../store.ts'
import type { WebhookOutcome, WebhookRow } from '../webhook.ts'
import { judgeAttempt } from './attempt.ts'
import type { WebhookKeys } from './webhook-keys.ts'
import { type WebhookAnswer, WebhookFailure, type WebhookTransport } from './webhook-transport.ts'

/** Webhooks that are on the way at once. Each takes a connection, and at most ten seconds. */
const MOST_AT_ONCE = 64

/** Milliseconds for which a webhook is this front's: longer than an attempt can take, with its reads and writes. */
const LEASE = 30_000

/** Milliseconds after which the store is asked although it did not call: retries become due, other fronts write. */
const LONGEST_REST = 1000

/** Options of {@link WebhookDispatcher}. */
export interface WebhookDispatcherOptions {
  readonly store: JobStore
  readonly transport: WebhookTransport
  readonly keys: WebhookKeys
  /** This front, for the store. */
  readonly holder: string
  readonly logger: Logger
  /** Counts attempts. */
  readonly recorder: Pick<WebhookRecord, 'countWebhook'>
}

/**
 * Sends the webhooks of a store's outbox. The store decides which are due, and gives out one of a job at a time, so that
 * their order is kept; nothing here can fail or delay a job. A webhook whose front dies is given out again when its
 * lease has ended, with the same id.
 */
export class WebhookDispatcher {
  readonly #options: WebhookDispatcherOptions
  readonly #bell = new Bell()
  readonly #onTheWay = new Set<Promise<void>>()
  /** Cut off what waits for a receiver. One for each, since a signal with many listeners is taken for a leak. */
  readonly #attempts = new Set<AbortController>()
  #isClosing = false
  #isStopped = false
  #running: Promise<void> = Promise.resolve()
  #trouble: string | undefined

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  /**
   * Goes on with what is due, until nothing is or the time is up; what is on the way then is cut off. No timer and no
   * connection is left.
   *
   * @param grace - Milliseconds.
   */
  async close(grace: number): Promise<void> {
    this.#isClosing = true
    this.#bell.ring()
    const timer = setTimeout(() => this.#stop(), grace)
    await this.#running
    clearTimeout(timer)
  }

  #stop(): void {
    this.#isStopped = true
    for (const attempt of this.#attempts) attempt.abort()
    this.#bell.ring()
  }

  async #run(): Promise<void> {
    const unwatch = this.#options.store.watch(({ kind }) => {
      if (kind === 'webhook') this.#bell.ring()
    })
    while (!this.#isDone(await this.#sendDue())) await this.#bell.wait(LONGEST_REST)
    unwatch()
    await Promise.all(this.#onTheWay)
  }

  #isDone(begun: number): boolean {
    return this.#isStopped || (this.#isClosing && begun === 0 && this.#onTheWay.size === 0)
  }

  /** Begins to send what is due and has a place. Each one that is settled rings: the next one of its job may be due. */
  async #sendDue(): Promise<number> {
    const limit = MOST_AT_ONCE - this.#onTheWay.size
    if (limit <= 0) return 0
    const rows = await this.#claim(limit)
    for (const row of rows) {
      const sent = this.#send(row).finally(() => {
        this.#onTheWay.delete(sent)
        this.#bell.ring()
      })
      this.#onTheWay.add(sent)
    }
    return rows.length
  }

  async #claim(limit: number): Promise<readonly WebhookRow[]> {
    const { store, holder } = this.#options
    try {
      const rows = await store.claimWebhooks({ lease: { holder, until: store.now() + LEASE }, limit })
      this.#trouble = undefined
      return rows
    } catch (thrown) {
      this.#reportTrouble(thrown)
      return []
    }
  }

  /** What the store cannot note is given out again when the lease has ended. */
  async #send(row: WebhookRow): Promise<void> {
    const { store, holder, recorder } = this.#options
    const startedAt = performance.now()
    try {
      const outcome = await this.#attempt(row)
      if (outcome === undefined) return
      recorder.countWebhook(row.event, outcome.kind, startedAt)
      this.#log(row, outcome)
      await store.settleWebhook({ id: row.id, holder, outcome })
    } catch (thrown) {
      this.#reportTrouble(thrown)
    }
  }

  /** Undefined where the end of the server has cut it off: that is no attempt. */
  async #attempt(row: WebhookRow): Promise<WebhookOutcome | undefined> {
    const { store } = this.#options
    const text = await renderWebhook(store, row)
    if (text === undefined) return { kind: 'givenUp', failure: 'the job was removed' }
    const result = await this.#post(row, new TextEncoder().encode(text))
    const isCutOff = result instanceof WebhookFailure && this.#isStopped
    return isCutOff ? undefined : judgeAttempt(row, result, store.now())
  }

  async #post(row: WebhookRow, body: Uint8Array): Promise<WebhookAnswer | WebhookFailure> {
    const headers = await this.#writeHeaders(row, body)
    const attempt = new AbortController()
    this.#attempts.add(attempt)
    if (this.#isStopped) attempt.abort()
    try {
      return await this.#options.transport.send({ url: row.url, headers, body }, attempt.signal)
    } catch (thrown) {
      if (thrown instanceof WebhookFailure) return thrown
      throw thrown
    } finally {
      this.#attempts.delete(attempt)
    }
  }

  /** The headers of Standard Webhooks. The time is that of the attempt, by which receivers refuse old ones. */
  async #writeHeaders({ id }: WebhookRow, body: Uint8Array): Promise<Readonly<Record<string, string>>> {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const keys = await this.#options.keys()
    return {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'user-agent': 'Incant',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(keys.length === 0 ? {} : { 'webhook-signature': await signWebhook({ id, timestamp, body }, keys) }),
    }
  }

  /** The host alone: a path or a query may be a secret. */
  #log({ id, event, url, attempts }: WebhookRow, outcome: WebhookOutcome): void {
    const { logger } = this.#options
    const fields = { webhook: id, event, host: new URL(url).host, attempt: attempts + 1 }
    if (outcome.kind === 'delivered') return
    const { failure } = outcome
    if (outcome.kind === 'givenUp') logger.log('warn', 'webhook given up', { ...fields, failure })
    else logger.log('info', 'webhook not delivered, trying again later', { ...fields, failure })
  }

  /** Once for each reason, until the store answers again. */
  #reportTrouble(thrown: unknown): void {
    const { message } = describeThrown(thrown)
    if (message === this.#trouble) return
    this.#trouble = message
    this.#options.logger.log('error', 'webhooks wait: the store of jobs does not answer', { reason: message })
  }
}
