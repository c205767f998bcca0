import type { PGClient, PGModule, PGOptions } from './pg-module.ts'

/** Milliseconds before a connection that broke is made again. */
const PAUSE = 1000

/** The name of the channel. */
export const CHANNEL = 'incant_jobs'

/** Listens to what other servers publish. What comes while there is no connection is missed, so stores are also polled. */
export class PostgresNotices {
  readonly #open: () => PGClient
  readonly #listener: (text: string) => void
  #client: PGClient | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(module: PGModule, options: PGOptions, listener: (text: string) => void) {
    this.#open = () => new module.Client(options)
    this.#listener = listener
    void this.#connect()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    const client = this.#open()
    this.#client = client
    let isOver = false
    const retry = () => {
      if (isOver || this.#isClosed) return
      isOver = true
      this.#timer = setTimeout(() => void this.#connect(), PAUSE)
      this.#timer.unref()
    }
    client.on('error', retry)
    client.on('end', retry)
    client.on('notification', ({ payload = '' }) => this.#listener(payload))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch {
      retry()
    }
  }
}
