import type { Lease } from './job.ts'
import type { SettledWebhook, WebhookClaim } from './store.ts'
import type { WebhookRow } from './webhook.ts'

/** A webhook that is not settled. */
interface OpenWebhook {
  row: WebhookRow
  lease: Lease | undefined
}

/** The webhooks of a {@link MemoryStore} that are to be sent: those of each job in their order. */
export class MemoryOutbox {
  readonly #open: Map<string, OpenWebhook[]> = new Map()
  #size = 0

  get size(): number {
    return this.#size
  }

  /**
   * Adds a webhook. One of progress that waits already is brought up to date in its place: a slow host gets fewer.
   *
   * @returns Whether there is one more.
   */
  add(row: WebhookRow): boolean {
    const open = this.#open.get(row.key) ?? []
    const isProgress = row.event === 'output' || row.event === 'logs'
    const waiting = open.find(other => other.row.event === row.event && other.lease === undefined)
    if (isProgress && waiting !== undefined) {
      waiting.row = { ...waiting.row, snapshot: row.snapshot }
      return false
    }
    open.push({ row, lease: undefined })
    this.#open.set(row.key, open)
    this.#size += 1
    return true
  }

  /** Those that are due, the oldest of each job. */
  claim({ lease, limit }: WebhookClaim, now: number): readonly WebhookRow[] {
    const claimed: WebhookRow[] = []
    for (const [first] of this.#open.values()) {
      if (claimed.length === limit) break
      if (first === undefined || first.row.due > now || (first.lease?.until ?? 0) > now) continue
      first.lease = lease
      claimed.push(first.row)
    }
    return claimed
  }

  /** Notes what became of an attempt. Returns the webhook, unless it is not that front's. */
  settle({ id, holder, outcome }: SettledWebhook): WebhookRow | undefined {
    for (const [key, open] of this.#open) {
      const [first] = open
      if (first?.row.id !== id || first.lease?.holder !== holder) continue
      const attempts = first.row.attempts + 1
      if (outcome.kind === 'retry') {
        first.row = { ...first.row, attempts, due: outcome.due }
        first.lease = undefined
        return first.row
      }
      open.shift()
      this.#size -= 1
      if (open.length === 0) this.#open.delete(key)
      return { ...first.row, attempts }
    }
    return undefined
  }

  /** Whether a job has webhooks that are not sent. */
  has(key: string): boolean {
    return this.#open.has(key)
  }
}
