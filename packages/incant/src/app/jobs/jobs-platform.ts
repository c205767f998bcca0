import type { JobStore } from '../../jobs/store.ts'
import type { WebhookTransport } from '../../jobs/webhooks/webhook-transport.ts'

/** What jobs need of a runtime. `serve` of `incant/node` brings it. */
export interface JobsPlatform {
  /**
   * Opens the store that the option `jobsStore` names. Models of a server, and one that is reloaded, share it.
   *
   * @param memory - Bytes that it may keep where it is in memory.
   * @throws {StartupError} `jobs_store`, `invalid_option`
   */
  openStore(place: string, memory: number): Promise<OpenedStore>
  /** Makes what sends webhooks. @param allow - The option `webhookAllow`. */
  createTransport(allow: readonly string[]): WebhookTransport
}

/** A store of jobs that is in use. */
export interface OpenedStore {
  readonly store: JobStore
  /** It is closed where nothing else uses it. */
  release(): Promise<void>
}
