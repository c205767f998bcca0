import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf } from './histogram.ts'

/**
 * Methods with a separate series; every other one is `other`, or callers could create as many series as there are
 * words.
 */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** How one request ended. */
export interface RequestEnd {
  readonly method: string
  readonly status: number
  /** From the head of the request to the last byte of its response. */
  readonly seconds: number
}

/** The counts of one route, looked up once so that counting a request hashes no labels. */
export class RouteRecord {
  /** Undefined: that of `/predict`, or none. */
  readonly protocol: string | undefined
  readonly durations: Histogram = histogramOf(METRICS.requestDuration)
  /** By method, then by status. */
  readonly counts: Map<string, Map<number, number>> = new Map()

  constructor(protocol?: string) {
    this.protocol = protocol
  }

  /** Counts a request that is over. */
  count({ method, status, seconds }: RequestEnd): void {
    const counts = this.counts.get(method) ?? this.#open(method)
    counts.set(status, (counts.get(status) ?? 0) + 1)
    this.durations.observe(seconds)
  }

  #open(method: string): Map<number, number> {
    const name = METHODS.has(method) ? method : 'other'
    const counts = this.counts.get(name) ?? new Map<number, number>()
    this.counts.set(name, counts)
    return counts
  }
}
