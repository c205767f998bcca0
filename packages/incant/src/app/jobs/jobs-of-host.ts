import { RequestError } from '../../errors/request-error.ts'
import { RETRY_SOON } from '../../errors/retry-soon.ts'
import type { JobService } from './job-service.ts'
import type { JobsHost } from './jobs-host.ts'

/** The jobs of an application that answers on the protocol `jobs`. Their code is loaded when the application starts. */
export class JobsOfHost {
  readonly #host: JobsHost
  #service: JobService | undefined

  constructor(host: JobsHost) {
    this.#host = host
  }

  /** @throws {StartupError} Where the store cannot be opened. */
  async open(): Promise<void> {
    const { openJobs } = await import('./job-service.ts')
    this.#service = await openJobs(this.#host, this.#host.jobsPlatform)
  }

  /** @throws {RequestError} `starting`, while the store is not open. */
  get service(): JobService {
    if (this.#service === undefined) throw new RequestError('starting', RETRY_SOON)
    return this.#service
  }

  async close(): Promise<void> {
    await this.#service?.close()
  }
}
