import { METRICS } from './definitions.ts'
import { isSummed, type MetricChange, type SampleChange } from './publisher.ts'
import type { Labels, UserMetric } from './user-metrics.ts'

/** A process that publishes: which replica it is, and which of those that have been it; a later one has a larger number. */
export interface ProcessIdentity {
  readonly replica: string
  readonly generation: number
}

/** One value as it is exposed. */
export interface LedgerSample {
  readonly metricName: string
  readonly labels: Labels
  readonly value: number
}

/** The most samples in a ledger, of all metrics together. */
const LIMIT = 20_000

type Samples = Map<string, LedgerSample>

interface Entry {
  readonly help: string
  readonly type: UserMetric['type']
  /** Sums over all processes there have been, for counters and histograms. */
  readonly totals: Samples
  /** The values of each replica, and of which process they are, for all others. */
  readonly byReplica: Map<string, { readonly generation: number; readonly samples: Samples }>
}

/**
 * What the metrics of predictors come to over all processes. What a process counted stays when it is gone; what it
 * measured of itself goes with it.
 */
export class Ledger {
  readonly #entries: Map<string, Entry> = new Map()
  readonly #onFull: () => void
  #size = 0
  #wasFull = false

  /** @param onFull - Called once, when there are too many samples. */
  constructor(onFull: () => void) {
    this.#onFull = onFull
  }

  /** Adds the changes of a process. */
  apply(process: ProcessIdentity, changes: readonly MetricChange[]): void {
    for (const change of changes) {
      if (isReserved(change.name)) continue
      const samples = this.#samplesFor(process, change)
      if (samples !== undefined) for (const sample of change.samples) this.#put(samples, sample, isSummed(change.type))
    }
  }

  /** Drops what a process that is gone measured of itself. */
  forget({ replica, generation }: ProcessIdentity): void {
    for (const { byReplica } of this.#entries.values()) {
      const held = byReplica.get(replica)
      if (held?.generation !== generation) continue
      this.#size -= held.samples.size
      byReplica.delete(replica)
    }
  }

  /** Every metric, in the form for exposition. */
  list(): readonly { name: string; help: string; type: UserMetric['type']; samples: readonly LedgerSample[] }[] {
    return [...this.#entries].map(([name, { help, type, totals, byReplica }]) => ({
      name,
      help,
      type,
      samples: [
        ...totals.values(),
        ...[...byReplica].flatMap(([replica, held]) => [...held.samples.values()].map(one => ofReplica(one, replica))),
      ],
    }))
  }

  /** Where the samples of a change belong. Undefined where a successor of the process has spoken already. */
  #samplesFor({ replica, generation }: ProcessIdentity, change: MetricChange): Samples | undefined {
    const { totals, byReplica } = this.#entryOf(change)
    if (isSummed(change.type)) return totals
    const held = byReplica.get(replica)
    if (held?.generation === generation) return held.samples
    if (held !== undefined && held.generation > generation) return undefined
    this.#size -= held?.samples.size ?? 0
    const samples: Samples = new Map()
    byReplica.set(replica, { generation, samples })
    return samples
  }

  #entryOf({ name, help, type }: MetricChange): Entry {
    const found = this.#entries.get(name)
    if (found?.type === type) return found
    // A predictor that was loaded anew may have made something else of the name.
    if (found !== undefined) this.#size -= countSamples(found)
    const entry: Entry = { help, type, totals: new Map(), byReplica: new Map() }
    this.#entries.set(name, entry)
    return entry
  }

  #put(samples: Samples, [metricName, labels, told]: SampleChange, summed: boolean): void {
    const key = JSON.stringify([metricName, ...Object.entries(labels).sort()])
    const former = samples.get(key)
    if (told === null) {
      if (samples.delete(key)) this.#size -= 1
      return
    }
    if (former === undefined && !this.#takeRoom()) return
    const value = Number(told)
    samples.set(key, { metricName, labels, value: summed ? (former?.value ?? 0) + value : value })
  }

  #takeRoom(): boolean {
    if (this.#size < LIMIT) {
      this.#size += 1
      return true
    }
    if (!this.#wasFull) this.#onFull()
    this.#wasFull = true
    return false
  }
}

function countSamples({ totals, byReplica }: Entry): number {
  return [...byReplica.values()].reduce((sum, { samples }) => sum + samples.size, totals.size)
}

/** The names of built-in metrics are not for predictors, that of `sendMetric` apart. */
function isReserved(name: string): boolean {
  return name.startsWith('incant_') && name !== METRICS.custom.name
}

/** As Prometheus itself does with a label that already exists. */
function ofReplica({ metricName, labels, value }: LedgerSample, replica: string): LedgerSample {
  const { replica: exported, ...others } = labels
  const kept = exported === undefined ? others : { ...others, exported_replica: exported }
  return { metricName, value, labels: { ...kept, replica } }
}
