import { type Labels, type UserMetric, type UserMetrics, type UserSample, userMetrics } from './user-metrics.ts'

/** A value that has changed. JSON has no infinities, so a value that is not finite is a text, and null one that is gone. */
export type SampleChange = readonly [metricName: string, labels: Labels, value: number | string | null]

/** The change of one metric: the increase of counters and histograms, the new value of gauges. */
export interface MetricChange {
  readonly name: string
  readonly help: string
  readonly type: UserMetric['type']
  readonly samples: readonly SampleChange[]
}

/** Time after which changes are published that no answer takes along, in milliseconds. */
const PATIENCE = 100

/** Whether the values of a metric are summed over processes. */
export function isSummed(type: UserMetric['type']): boolean {
  return type === 'counter' || type === 'histogram'
}

/** Options of {@link Publisher}. */
export interface PublisherOptions {
  /**
   * Whether gauges without labels are left out until they are not 0: where a predictor's module is loaded but does not
   * run, they say nothing.
   */
  skipsUntouched?(): boolean
}

/** Finds out what has changed of the metrics of this process, and sends that. */
export class Publisher {
  readonly #skipsUntouched: () => boolean
  readonly #send: (changes: readonly MetricChange[]) => void
  /** The values that were sent last, by metric and sample. */
  readonly #sent: Map<string, Map<string, { readonly sample: UserSample; value: number }>> = new Map()
  readonly #versions: Map<UserMetrics, number> = new Map()
  #pending: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    send: (changes: readonly MetricChange[]) => void,
    { skipsUntouched = () => false }: PublisherOptions = {},
  ) {
    this.#send = send
    this.#skipsUntouched = skipsUntouched
  }

  /** Whether something has changed that was not sent. */
  get isBehind(): boolean {
    if (this.#pending !== undefined) return true
    return userMetrics().some(source => source.version !== this.#versionOf(source))
  }

  /** Sends what the functions of `incant/metrics` have changed. */
  publish(): Promise<void> {
    const former = this.#pending ?? Promise.resolve()
    const current = former
      .then(() => this.#publish(source => this.#versionOf(source)))
      .finally(() => {
        if (this.#pending === current) this.#pending = undefined
      })
    this.#pending = current
    return current
  }

  /** Sends everything that has changed, also of metrics created with prom-client alone, or collected when read. */
  publishAll(): Promise<void> {
    return this.#publish(() => undefined)
  }

  /** Looks again before long, for what changes between the answers. */
  follow(): void {
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => {
      if (this.isBehind) void this.publish()
    }, PATIENCE)
    this.#timer.unref?.()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #versionOf(source: UserMetrics): number {
    return this.#versions.get(source) ?? 0
  }

  async #publish(since: (source: UserMetrics) => number | undefined): Promise<void> {
    const reading = userMetrics().map(source => {
      const metrics = source.read(since(source))
      this.#versions.set(source, source.version)
      return metrics
    })
    const changes = (await Promise.all(reading))
      .flat()
      .map(metric => this.#compare(metric))
      .filter(({ samples }) => samples.length > 0)
    if (changes.length > 0) this.#send(changes)
  }

  #isUntouched(type: UserMetric['type'], { labels, value }: UserSample): boolean {
    return this.#skipsUntouched() && type === 'gauge' && value === 0 && Object.keys(labels).length === 0
  }

  #compare({ name, help, type, values }: UserMetric): MetricChange {
    const sent = this.#sent.get(name) ?? new Map<string, { readonly sample: UserSample; value: number }>()
    this.#sent.set(name, sent)
    const samples: SampleChange[] = []
    const present = new Set<string>()
    for (const sample of values) {
      const key = keyOf(sample)
      present.add(key)
      const former = sent.get(key)?.value
      if (Object.is(former, sample.value) || (former === undefined && this.#isUntouched(type, sample))) continue
      sent.set(key, { sample, value: sample.value })
      samples.push([sample.metricName ?? name, sample.labels, encode(isSummed(type), sample.value, former)])
    }
    for (const [key, { sample }] of sent) {
      if (present.has(key)) continue
      sent.delete(key)
      if (!isSummed(type)) samples.push([sample.metricName ?? name, sample.labels, null])
    }
    return { name, help, type, samples }
  }
}

function encode(summed: boolean, value: number, former = 0): number | string {
  // A value that went down was reset, and counts anew.
  const told = summed && value >= former ? value - former : value
  return Number.isFinite(told) ? told : String(told)
}

/** Tells samples of one metric apart. */
function keyOf({ metricName = '', labels }: UserSample): string {
  return JSON.stringify([metricName, ...Object.entries(labels).sort(byName)])
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
