import type { CallReport } from '../../engine/call-report.ts'
import type { JobAddition } from '../../jobs/store.ts'
import { JobLog } from './job-log.ts'
import { readProgress } from './read-progress.ts'

/** Milliseconds between two writes of what a job produces. */
const INTERVAL = 500

/** Names of figures that a job keeps, and characters of one. */
const MOST_METRICS = 100
const LONGEST_NAME = 200

/** What a job has produced that is not in its store. */
export type Progress = Pick<JobAddition, 'output' | 'data' | 'logs' | 'metrics' | 'progress'>

const OUTPUT = ['output'] as const
const LOGS = ['logs'] as const

type Append = (addition: Omit<JobAddition, 'key' | 'holder'>) => Promise<unknown>

/** Writes what a job produces to its store, that of half a second at once: items, lines of its log, figures. */
export class ProgressWriter implements CallReport {
  readonly #append: Append
  readonly #log = new JobLog()
  /** Names of figures, also of those that are written. */
  readonly #names: Set<string> = new Set()
  #items: string[] = []
  #logs = ''
  #metrics: Readonly<Record<string, number>> = {}
  #progress: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #written: Promise<unknown> = Promise.resolve()

  constructor(append: Append) {
    this.#append = append
  }

  /** @param item - JSON text without line breaks. */
  add(item: string): void {
    this.#items.push(item)
    this.#progress = readProgress(item) ?? this.#progress
    this.#later()
  }

  log(line: string): void {
    this.#logs += this.#log.take(line)
    this.#later()
  }

  metric(name: string, value: number): void {
    if (!this.#names.has(name) && (this.#names.size === MOST_METRICS || name.length > LONGEST_NAME)) return
    this.#names.add(name)
    this.#metrics = { ...this.#metrics, [name]: value }
    this.#later()
  }

  /** Writes what is left. @throws {StoreUnavailable} Then it is kept, for the next attempt. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const write = () => this.#write()
    this.#written = this.#written.then(write, write)
    await this.#written
  }

  /** What is left, for the end of the job. */
  take(): Progress {
    const [items, logs, metrics, progress] = [this.#items, this.#logs, this.#metrics, this.#progress]
    this.#items = []
    this.#logs = ''
    this.#metrics = {}
    this.#progress = undefined
    const data = items.join('\n')
    return {
      ...(items.length > 0 && {
        output: { form: 'items', contentType: undefined, count: items.length, size: data.length },
        data,
      }),
      ...(logs !== '' && { logs }),
      ...(Object.keys(metrics).length > 0 && { metrics }),
      ...(progress !== undefined && { progress }),
    }
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), INTERVAL)
  }

  async #write(): Promise<void> {
    const items = this.#items
    const rest = this.take()
    if (Object.keys(rest).length === 0) return
    try {
      await this.#append({ ...rest, events: [...(rest.output ? OUTPUT : []), ...(rest.logs ? LOGS : [])] })
    } catch (thrown) {
      this.#keep(items, rest)
      throw thrown
    }
  }

  /** What could not be written comes before what was produced meanwhile. */
  #keep(items: string[], { logs = '', metrics, progress }: Progress): void {
    this.#items = [...items, ...this.#items]
    this.#logs = logs + this.#logs
    this.#metrics = { ...metrics, ...this.#metrics }
    this.#progress ??= progress
  }
}
