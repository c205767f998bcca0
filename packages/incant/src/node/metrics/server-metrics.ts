import { createRequire } from 'node:module'
import type { MetricsPage } from '../../app/metrics-route.ts'
import type { Applicant } from '../../auth/admission/admission.ts'
import { Authenticator } from '../../auth/admission/authenticator.ts'
import type { SecretReader } from '../../auth/secret-reader.ts'
import { platformSecrets } from '../../auth/secrets/platform-secrets.ts'
import { bearerAuth } from '../../auth/strategies/bearer.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { PredictOutput } from '../../http/predict-io.ts'
import type { Logger } from '../../log/logger.ts'
import type { ProcessIdentity } from '../../metrics/ledger.ts'
import { Publisher } from '../../metrics/publisher.ts'
import { Recorder } from '../../metrics/recorder.ts'
import type { Labels } from '../../metrics/user-metrics.ts'
import { ProcessMonitor } from '../../process/process-monitor.ts'
import { collectFamilies } from './collect.ts'
import { collectModels, type LabelledRecorder } from './collect-models.ts'
import { CONTENT_TYPES, negotiateFormat, renderFamilies } from './exposition.ts'
import { readMetricsSecret } from './metrics-secret.ts'

/** How long credentials may be looked at, and how often they may be wrong: the application's own options. */
export interface AuthLimits {
  readonly authTimeout: number
  readonly maxAuthFailures: number
}

/** Options of {@link ServerMetrics}. */
export interface ServerMetricsOptions extends AuthLimits {
  /** Where the token for `/metrics` is. Empty: there is none. */
  readonly metricsAuth: string
  readonly logger: Logger
  readonly secrets: SecretReader | undefined
  certificateExpires(): Date | undefined
}

/** The process with the sockets. */
const FRONT: ProcessIdentity = { replica: 'front', generation: 0 }

/** The longest time for which a predictor's collect functions may hold up a scrape, in milliseconds. */
const PATIENCE = 100

/** The metrics of one server, and their page. */
export class ServerMetrics implements MetricsPage {
  /** The recorder of the server; with one model, of that model too. */
  readonly recorder: Recorder
  readonly #models: LabelledRecorder[] = []
  readonly #options: ServerMetricsOptions
  readonly #authenticator: Authenticator | undefined
  readonly #monitor: ProcessMonitor
  readonly #publisher: Publisher

  /** @throws {StartupError} `invalid_option`, `invalid_auth`: there is no such token. */
  constructor(options: ServerMetricsOptions) {
    this.#options = options
    this.#authenticator = makeAuthenticator(options)
    const runsHere = (): boolean => this.#listRecorders().some(({ apps }) => [...apps].some(app => app.isInline))
    this.#monitor = new ProcessMonitor(() => this.#listRecorders().some(hasWork))
    this.recorder = this.#makeRecorder()
    const take = this.recorder.ledger.apply.bind(this.recorder.ledger, FRONT)
    this.#publisher = new Publisher(take, { skipsUntouched: () => !runsHere() })
  }

  /**
   * Keeps what is counted of one model among several apart from the rest.
   *
   * @param labels - Those that tell it from the others.
   */
  addModel(labels: Labels): Recorder {
    const recorder = this.#makeRecorder()
    this.#models.push({ recorder, labels })
    return recorder
  }

  async admit(applicant: Applicant): Promise<void> {
    // Only listeners with a token use this.
    if (this.#authenticator === undefined) throw new RequestError('not_found')
    const admission = await this.#authenticator.admit(applicant)
    admission.complete()
  }

  async render(accept: string | null): Promise<PredictOutput> {
    const { recorder } = this
    await Promise.race([this.#publisher.publishAll(), patience()])
    recorder.processes.report(FRONT, this.#monitor.read())
    const certificateExpires = this.#options.certificateExpires()
    const facts = { version: VERSION, certificateExpires }
    const families =
      this.#models.length === 0 ? collectFamilies(recorder, facts) : collectModels(recorder, this.#models, facts)
    this.#monitor.restart()
    for (const { apps } of this.#listRecorders()) for (const app of apps) app.restartFigures()
    const format = negotiateFormat(accept)
    return { contentType: CONTENT_TYPES[format], body: renderFamilies(families, format) }
  }

  #makeRecorder(): Recorder {
    const { logger } = this.#options
    return new Recorder(
      () => logger.log('warn', 'predictors created too many series: new ones are dropped'),
      () => this.#monitor.wake(),
    )
  }

  #listRecorders(): readonly Recorder[] {
    return [this.recorder, ...this.#models.map(({ recorder }) => recorder)]
  }

  close(): void {
    this.#monitor.close()
    // It has no file and no timer to release, so a rejection does not matter.
    this.#authenticator?.close().catch(() => {})
  }
}

/** Jobs are no requests, but their calls run in an engine. */
function hasWork({ inFlight, apps }: Recorder): boolean {
  return inFlight > 0 || [...apps].some(app => app.isInline && app.load().running > 0)
}

// By the package's name, since in dist this code is in another folder.
const { version: VERSION }: { readonly version: string } = createRequire(import.meta.url)('incant/package.json')

/** The same checks, answers and limits as for a predictor with a bearer token. */
function makeAuthenticator(options: ServerMetricsOptions): Authenticator | undefined {
  const { metricsAuth, logger, secrets = platformSecrets, authTimeout, maxAuthFailures } = options
  if (metricsAuth === '') return undefined
  class Metrics {}
  bearerAuth({ tokens: readMetricsSecret(metricsAuth), realm: 'metrics' })(Metrics)
  return new Authenticator({ predictor: Metrics, logger, secrets, authTimeout, maxAuthFailures })
}

function patience(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, PATIENCE).unref()
  })
}
