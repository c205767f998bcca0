import type { ProcessIdentity } from './ledger.ts'
import type { SequenceCounts } from './step-report.ts'

/** The figures of a process. Delays of the event loop are those since the scrape before. */
export interface ProcessFigures {
  readonly residentMemory: number
  readonly heapUsed: number
  /** Seconds of processor time since the process began. */
  readonly cpuSeconds: number
  /** Seconds. */
  readonly delayMedian: number
  /** Seconds. */
  readonly delayP99: number
  /** Live sequences, where the process runs a `SequencePredictor`. */
  readonly sequences?: SequenceCounts | undefined
}

interface Entry {
  /** Processor time of all processes a replica has been. */
  cpuSeconds: number
  readonly cpuByProcess: Map<number, number>
  latest: { readonly generation: number; readonly figures: ProcessFigures } | undefined
}

/** The last figures of a server's processes, by replica. */
export class ProcessLedger {
  readonly #entries: Map<string, Entry> = new Map()

  report({ replica, generation }: ProcessIdentity, figures: ProcessFigures): void {
    const entry = this.#entryOf(replica)
    entry.cpuSeconds += figures.cpuSeconds - (entry.cpuByProcess.get(generation) ?? 0)
    entry.cpuByProcess.set(generation, figures.cpuSeconds)
    // A replica and its successor are two for a time: the successor speaks for both.
    if ((entry.latest?.generation ?? generation) <= generation) entry.latest = { generation, figures }
  }

  /** A process is gone: its processor time stays. */
  forget({ replica, generation }: ProcessIdentity): void {
    const entry = this.#entries.get(replica)
    entry?.cpuByProcess.delete(generation)
    if (entry?.latest?.generation === generation) entry.latest = undefined
  }

  list(): readonly { replica: string; cpuSeconds: number; figures: ProcessFigures | undefined }[] {
    return [...this.#entries].map(([replica, { cpuSeconds, latest }]) => ({
      replica,
      cpuSeconds,
      figures: latest?.figures,
    }))
  }

  #entryOf(replica: string): Entry {
    const entry = this.#entries.get(replica) ?? { cpuSeconds: 0, cpuByProcess: new Map(), latest: undefined }
    this.#entries.set(replica, entry)
    return entry
  }
}
