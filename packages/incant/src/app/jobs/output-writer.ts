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

  /** Writes what is left. @throws {StoreUnavailable} */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const rest = this.take()
    if (rest !== undefined) {
      const write = () => this.#append({ ...rest, events: ['output'] })
      this.#written = this.#written.then(write, write)
    }
    await this.#written
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
