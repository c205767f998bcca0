import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import { platformSecrets } from '../../auth/secrets/platform-secrets.ts'
import { StartupError } from '../../errors/startup-error.ts'
import type { JobsOfModel } from '../../faces/jobs-of-model.ts'
import { planInput } from '../../http/read-input.ts'
import { takePayload } from '../../http/take-payload.ts'
import type { NewJob } from '../../jobs/job.ts'
import { MemoryStore } from '../../jobs/memory-store.ts'
import type { JobStore } from '../../jobs/store.ts'
import { WebhookDispatcher } from '../../jobs/webhooks/webhook-dispatcher.ts'
import { openWebhookKeys } from '../../jobs/webhooks/webhook-keys.ts'
import type { WebhookTransport } from '../../jobs/webhooks/webhook-transport.ts'
import { modelCaller } from '../faces/call-model.ts'
import { HeldInputs } from './held-inputs.ts'
import { JobRunner, LEASE } from './job-runner.ts'
import type { JobsHost } from './jobs-host.ts'
import type { JobsPlatform, OpenedStore } from './jobs-platform.ts'
import { QueueRoom } from './queue-room.ts'
import { cancelRecorded, countOpenJobs, recordStore } from './recorded-store.ts'

/** Milliseconds for which webhooks that are due are still sent when a server ends. */
const WEBHOOK_GRACE = 3000

/** The jobs of a model: their store, what runs them, and what reports them. */
export class JobService implements JobsOfModel {
  readonly store: JobStore
  readonly model: string
  readonly maxAttempts: number
  readonly #host: JobsHost
  readonly #release: () => Promise<void>
  readonly #transport: WebhookTransport | undefined
  readonly #dispatcher: WebhookDispatcher | undefined
  readonly #runner: JobRunner
  readonly #inputs = new HeldInputs()
  readonly #holder: string
  readonly #room: QueueRoom
  readonly #check: (payload: unknown) => MaybePromise<unknown>
  #isClosed = false
  #stopCounting: () => void = () => {}

  constructor(host: JobsHost, { store, release }: OpenedStore, platform: JobsPlatform | undefined) {
    const holder = crypto.randomUUID()
    const { settings, signature, logger, subject } = host
    this.#host = host
    this.store = store
    this.#release = release
    this.model = subject.version === undefined ? subject.name : `${subject.name}:${subject.version}`
    this.maxAttempts = signature.hints?.includes('idempotent') === true ? 1 + settings.jobsRetry : 1
    const recorded = recordStore(store, host.recorder?.jobs)
    this.#transport = platform?.createTransport(settings.webhookAllow)
    if (this.#transport !== undefined) {
      const keys = openWebhookKeys(settings.webhookSecretsFile, {
        logger,
        secrets: host.options.secrets ?? platformSecrets,
      })
      const recorder = host.recorder?.webhooks ?? { countWebhook: () => {} }
      this.#dispatcher = new WebhookDispatcher({
        ...{ store: recorded, transport: this.#transport, keys, holder, logger, recorder },
      })
    }
    const inputs = this.#inputs
    this.#runner = new JobRunner({ store: recorded, host, call: modelCaller(host), inputs, model: this.model, holder })
    this.#holder = holder
    this.#room = new QueueRoom(store, settings.jobsQueue)
    const plan = planInput(signature, host.validator, { limits: settings, reader: undefined })
    this.#check = payload => takePayload(payload, plan)
  }

  get isEnding(): boolean {
    return this.#isClosed || !['starting', 'ready'].includes(this.#host.lifecycle.state)
  }

  start(): void {
    this.#stopCounting = countOpenJobs(this.store, this.#host.recorder?.jobs)
    this.#runner.start()
    this.#dispatcher?.start()
  }

  check(payload: unknown): MaybePromise<unknown> {
    return chain(this.#check(payload), input => input)
  }

  hasRoom(): Promise<boolean> {
    return this.#room.take()
  }

  placeInput(key: string, input: string): Pick<NewJob, 'input' | 'lease'> {
    if (this.#host.settings.jobsStoreInput === 'on') return { input, lease: undefined }
    this.#inputs.add(key, input)
    return { input: undefined, lease: { holder: this.#holder, until: this.store.now() + LEASE } }
  }

  forgetInput(key: string): void {
    this.#inputs.remove(key)
  }

  findWebhookFault(url: string): string | undefined {
    return this.#transport === undefined ? 'is not possible: this server sends none' : this.#transport.findFault(url)
  }

  async waitForChange(key: string, milliseconds: number): Promise<void> {
    await new Promise<void>(resolve => {
      const unwatch = this.store.watch(change => change.key === key && done())
      const timer = setTimeout(done, milliseconds)
      function done(): void {
        clearTimeout(timer)
        unwatch()
        resolve()
      }
    })
  }

  cancel(key: string): ReturnType<JobStore['cancel']> {
    return cancelRecorded(this.store, key, this.#host.recorder?.jobs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopCounting()
    await this.#runner.close()
    await this.#dispatcher?.close(WEBHOOK_GRACE)
    await this.#release()
    this.#host.logger.log('debug', 'the store of jobs is released', { store: this.store.name })
  }
}

/**
 * Opens the store that the settings name, and begins.
 *
 * @throws {StartupError} `jobs_store`, `invalid_option`, `invalid_auth`.
 */
export async function openJobs(host: JobsHost, platform: JobsPlatform | undefined): Promise<JobService> {
  const service = new JobService(host, await openStore(host, platform), platform)
  service.start()
  return service
}

async function openStore({ settings, logger }: JobsHost, platform: JobsPlatform | undefined): Promise<OpenedStore> {
  const place = settings.jobsStore
  if (place === MEMORY) logger.log('warn', 'jobs are in memory: they are lost when the server ends. Set --jobs-store.')
  if (platform !== undefined) return platform.openStore(place, settings.jobsMemory)
  if (place !== MEMORY) throw noStores()
  const store = new MemoryStore(Date.now, settings.jobsMemory)
  return { store, release: () => store.close() }
}

const MEMORY = 'memory'

/** The address is not repeated: it may have a password. */
function noStores(): StartupError {
  return new StartupError({
    code: 'jobs_store',
    found: 'the store of the option jobsStore cannot be opened in this runtime',
    instead: 'Serve the predictor with incant serve, or leave the option jobsStore out.',
  })
}
