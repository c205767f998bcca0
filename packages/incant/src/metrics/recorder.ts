import type { RequestErrorCode } from '../errors/codes.ts'
import { METRICS } from './definitions.ts'
import { type Histogram, histogramOf } from './histogram.ts'
import { JobRecord } from './job-record.ts'
import { Ledger, type ProcessIdentity } from './ledger.ts'
import { PredictorFigures } from './predictor-figures.ts'
import { ProcessLedger } from './process-ledger.ts'
import { type RequestEnd, RouteRecord } from './route-record.ts'
import type { SequenceCounts } from './step-report.ts'
import { WebhookRecord } from './webhook-record.ts'

/** The states a replica is counted in. `retiring`: it finishes what it has, and its successor is there. */
export const REPLICA_STATES = ['starting', 'ready', 'retiring'] as const

/** Why a replica is replaced. */
export const RESTART_REASONS = [
  'exited',
  'killed',
  'out_of_memory',
  'hang',
  'setup_failed',
  'max_requests',
  'max_memory',
] as const

/** The codes of errors that keep a caller out. */
export const REFUSAL_REASONS: readonly RequestErrorCode[] = [
  'unauthorized',
  'invalid_credentials',
  'malformed_credentials',
  'insufficient_scope',
  'rate_limited',
  'auth_failed',
  'auth_unavailable',
]

/** Why an answer breaks after it has begun. `other`: predict threw an exception with a status, or the request's body failed. */
export const BREAK_REASONS: readonly string[] = [
  'response_failed',
  'deadline_exceeded',
  'draining',
  'interrupted',
  'other',
]

/** Where a request was handled. */
export interface RoutePlace {
  /** The pattern of its path. */
  readonly route: string
  readonly protocol?: string
}

/** Bytes of the bodies of an exchange, where they are known. */
export interface BodyBytes {
  readonly requestBytes?: number
  readonly responseBytes?: number
}

/** Replicas by their state. */
export type ReplicaCounts = Readonly<Record<(typeof REPLICA_STATES)[number], number>>

/** An application whose figures are read when they are exposed. */
export interface RecordedApp {
  /** Whether its predictor runs in this process. */
  readonly isInline: boolean
  /** Whether its `/ready` answers 200. */
  isReady(): boolean
  /** Calls that wait, and calls that have a place. */
  load(): { readonly waiting: number; readonly running: number }
  replicas(): ReplicaCounts
  /** Live sequences of a predictor that runs in this process and computes sequences. */
  sequences(): SequenceCounts | undefined
  /** Calls that may wait. */
  readonly queue: number
  readonly model: { readonly name: string; readonly version: string; readonly digest?: string | undefined }
  /** Figures have been exposed: those that are since then start over. */
  restartFigures(): void
}

/**
 * All counts of one server, as plain numbers: each request pays only for counting, and each scrape for the text. It
 * outlives the applications that a reload replaces.
 */
export class Recorder {
  readonly routes: Map<string, RouteRecord> = new Map()
  /** Requests that have begun and whose responses are not over. */
  inFlight = 0
  requestBytes = 0
  responseBytes = 0
  readonly predictDuration: Histogram = histogramOf(METRICS.predictDuration)
  readonly queueWait: Histogram = histogramOf(METRICS.queueWait)
  readonly predictor: PredictorFigures = new PredictorFigures()
  readonly refusals: Map<string, number> = new Map(REFUSAL_REASONS.map(reason => [reason, 0]))
  /** Answers that broke after they had begun, by the reason. */
  readonly breaks: Map<string, number> = new Map(BREAK_REASONS.map(reason => [reason, 0]))
  readonly restarts: Map<string, number> = new Map(RESTART_REASONS.map(reason => [reason, 0]))
  readonly jobs: JobRecord = new JobRecord()
  readonly webhooks: WebhookRecord = new WebhookRecord()
  /** The metrics of the predictors' own code. */
  readonly ledger: Ledger
  readonly processes: ProcessLedger = new ProcessLedger()
  /** The applications there are, those that finish what they have begun too. */
  readonly apps: Set<RecordedApp> = new Set()

  /** Counts waits, as an option of the code that makes calls wait. */
  readonly waits: { onWait(milliseconds: number): void } = {
    onWait: milliseconds => this.queueWait.observe(milliseconds / 1000),
  }

  readonly #onBusy: (() => void) | undefined

  /**
   * @param onFull - Told once, when predictors have made more series than are kept.
   * @param onBusy - Told when there is a request after there was none, and of each call of a predictor that runs in this process.
   */
  constructor(onFull: () => void, onBusy?: () => void) {
    this.ledger = new Ledger(onFull)
    this.#onBusy = onBusy
  }

  /** Asks an application for its figures from now on. Returns what ends that. */
  watch(app: RecordedApp): () => void {
    this.apps.add(app)
    return () => this.apps.delete(app)
  }

  /** A process is gone: what it counted stays, what it measured of itself does not. */
  forget(process: ProcessIdentity): void {
    this.ledger.forget(process)
    this.processes.forget(process)
  }

  /** The record of a route; `*` is that of all requests that no route matched. */
  route(name: string, protocol?: string): RouteRecord {
    const known = this.routes.get(name)
    if (known !== undefined) return known
    const record = new RouteRecord(protocol)
    this.routes.set(name, record)
    return record
  }

  /** There is work in this process, with a request or without one. */
  wake(): void {
    this.#onBusy?.()
  }

  /** A request has begun. */
  begin(): void {
    if (this.inFlight === 0) this.wake()
    this.inFlight += 1
  }

  /** A request that had begun is over. */
  end(): void {
    this.inFlight -= 1
  }

  /** Counts how a request ended: where it began, or where the model that it was for is counted. */
  count({ route, protocol }: RoutePlace, end: RequestEnd): void {
    this.route(route, protocol).count(end)
  }

  countBytes({ requestBytes = 0, responseBytes = 0 }: BodyBytes): void {
    this.requestBytes += requestBytes
    this.responseBytes += responseBytes
  }

  /** Counts why a caller was kept out, where that is the reason a request ended as it did. */
  countRefusal(reason: string): void {
    const count = this.refusals.get(reason)
    if (count !== undefined) this.refusals.set(reason, count + 1)
  }

  /** Counts an answer that broke after it had begun. */
  countBreak(reason: string): void {
    const label = BREAK_REASONS.includes(reason) ? reason : 'other'
    this.breaks.set(label, (this.breaks.get(label) ?? 0) + 1)
  }

  /** A call that was begun at a time, as `performance.now()` has it, is answered. */
  countAnswer(startedAt: number): void {
    this.predictDuration.observe((performance.now() - startedAt) / 1000)
  }

  countRestart(reason: string): void {
    this.restarts.set(reason, (this.restarts.get(reason) ?? 0) + 1)
  }
}
