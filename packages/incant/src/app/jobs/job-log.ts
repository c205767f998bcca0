/** Characters of the log of a job that are kept. */
const LONGEST_LOG = 64 * 1024

const CUT = 'The log of the job is full. Further lines are in the log of the server.\n'

/** Bounds the log of a job: its beginning is kept, since webhooks and readers count from there. */
export class JobLog {
  #left = LONGEST_LOG
  #isFull = false

  /** As much of a line as is kept. */
  take(line: string): string {
    if (this.#isFull) return ''
    this.#left -= line.length
    if (this.#left >= 0) return line
    this.#isFull = true
    return CUT
  }
}
