import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf } from './histogram.ts'

/** What became of an attempt to send a webhook. */
export const WEBHOOK_OUTCOMES = { delivered: 'delivered', retry: 'retried', givenUp: 'given_up' } as const

/** Attempts to send webhooks. */
export class WebhookRecord {
  /** Attempts by the event, and by the label of the outcome. */
  readonly counts: Map<string, Map<string, number>> = new Map()
  readonly durations: Histogram = histogramOf(METRICS.webhookDuration)

  /** @param startedAt - When the attempt was begun, as `performance.now()` has it. */
  countWebhook(event: string, outcome: keyof typeof WEBHOOK_OUTCOMES, startedAt: number): void {
    const outcomes = this.counts.get(event) ?? new Map()
    const label = WEBHOOK_OUTCOMES[outcome]
    outcomes.set(label, (outcomes.get(label) ?? 0) + 1)
    this.counts.set(event, outcomes)
    this.durations.observe((performance.now() - startedAt) / 1000)
  }
}
