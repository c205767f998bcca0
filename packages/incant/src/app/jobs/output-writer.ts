import type { JobOutput } from '../../jobs/job.ts'
import type { JobAddition } from '../../jobs/store.ts'

/** Milliseconds between two writes of what a job produces. */
const INTERVAL = 500

type Append = (addition: Omit<JobAddition, 'key' | 'holder'>) => Promise<unknown>

/** Writes the items of a job to its store, those of half a second at once. */
export class OutputWriter {
  readonly #append: Append
  #items: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #written: Promise<unknown> = Promise.resolve()

  constructor(append: Append) {
    this.#append = append
  }

  /** @param item - JSON text without line breaks. */
  add(item: string): void {
    this.#items.push(item)
    this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), INTERVAL)
  }

  /** Writes what is left. @throws {StoreUnavailable} Then it is kept, for the next attempt. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const write = () => this.#write()
    this.#written = this.#written.then(write, write)
    await this.#written
  }

  async #write(): Promise<void> {
    const items = this.#items
    const rest = this.take()
    if (rest === undefined) return
    try {
      await this.#append({ ...rest, events: ['output'] })
    } catch (thrown) {
      this.#items = [...items, ...this.#items]
      throw thrown
    }
  }

  /** What is left, for the end of the job. */
  take(): { readonly output: JobOutput; readonly data: string } | undefined {
    const items = this.#items
    if (items.length === 0) return undefined
    this.#items = []
    const data = items.join('\n')
    return { output: { form: 'items', contentType: undefined, count: items.length, size: data.length }, data }
  }
}
