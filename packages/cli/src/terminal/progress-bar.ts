import { showBytes } from './quantity.ts'

/** Milliseconds before a bar appears, and between two of its drawings. */
const PATIENCE = 500
const INTERVAL = 100
const WIDTH = 24
const CLEAR = '\r\u001b[2K'

/** Where a bar is drawn. */
export interface BarStream {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** How far a transfer is, on one line of a terminal. Elsewhere, and for a short one, there is none. */
export class ProgressBar {
  readonly #label: string
  readonly #total: number
  readonly #stream: BarStream
  readonly #started = performance.now()
  #done = 0
  #drawn = 0

  /**
   * @param label - What happens: `pulling words:v1`.
   * @param total - Bytes in all.
   */
  constructor(label: string, total: number, stream: BarStream = process.stderr) {
    this.#label = label
    this.#total = total
    this.#stream = stream
  }

  /** Counts further bytes; fewer than none where a part begins anew. */
  add(bytes: number): void {
    this.#done += bytes
    const now = performance.now()
    if (this.#stream.isTTY !== true || now - this.#started < PATIENCE || now - this.#drawn < INTERVAL) return
    this.#drawn = now
    this.#stream.write(`${CLEAR}${this.#describe(now)}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn > 0) this.#stream.write(CLEAR)
  }

  #describe(now: number): string {
    const share = Math.min(1, this.#done / Math.max(1, this.#total))
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
    const speed = (this.#done / Math.max(1, now - this.#started)) * 1000
    const left = speed > 0 ? Math.max(0, this.#total - this.#done) / speed : 0
    const amount = `${showBytes(this.#done)} of ${showBytes(this.#total)}`
    return `${this.#label}  ${bar} ${Math.floor(share * 100)} %  ${amount}  ${showBytes(speed)}/s  ${Math.ceil(left)} s`
  }
}
