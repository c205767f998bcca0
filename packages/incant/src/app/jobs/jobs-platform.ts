import type { JobStore } from '../../jobs/store.ts'
import type { WebhookTransport } from '../../jobs/webhooks/webhook-transport.ts'

/** What jobs need of a runtime. `serve` of `incant/node` brings it. */
export interface JobsPlatform {
  /**
   * Opens the store that the option `jobsStore` names, other than `memory`.
   *
   * @throws {StartupError} `jobs_store`
   */
  openStore(place: string): Promise<JobStore>
  /** Makes what sends webhooks. @param allow - The option `webhookAllow`. */
  createTransport(allow: readonly string[]): WebhookTransport
}
