import { writeSync } from 'node:fs'
import { type Line, paint } from '../terminal/text.ts'
import type { Size } from './draw.ts'

// The alternate screen, no cursor, no wrapping of lines that are too long; and all of it back.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

/** Keys that end it: q, and what Ctrl-C and Ctrl-D send while the terminal passes every key on. */
const END_KEYS: readonly string[] = ['q', 'Q', '\u0003', '\u0004']

/** Events of a terminal. */
export interface TerminalEvents {
  /** A key or a signal requests the end; with the signal's number if it was one. */
  end(signal?: number): void
  resize(): void
}

/** The signals that end it, with the numbers from which exit codes are computed. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** A terminal that shows whole pictures until it is restored, whatever ends the process. */
export class Terminal {
  readonly #output: typeof process.stdout
  readonly #input: typeof process.stdin
  readonly #hasColours: boolean
  readonly #undo: (() => void)[] = []

  constructor(output: typeof process.stdout, input: typeof process.stdin, hasColours: boolean) {
    this.#output = output
    this.#input = input
    this.#hasColours = hasColours
  }

  get size(): Size {
    // A terminal that does not know its size says 0.
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 }
  }

  open(events: TerminalEvents): void {
    const restore = () => this.close()
    // Before Node prints what was thrown: else it would be printed to the screen that goes away.
    this.#listen(process, 'uncaughtExceptionMonitor', restore)
    this.#listen(process, 'exit', restore)
    for (const [name, number] of Object.entries(SIGNALS)) this.#listen(process, name, () => events.end(number))
    this.#listen(this.#output, 'resize', () => events.resize())
    this.#readKeys(events)
    this.#output.write(ENTER)
    this.#undo.push(() => this.#writeNow(LEAVE))
  }

  show(lines: readonly Line[]): void {
    const painted = lines.map(line => `${paint(line, this.#hasColours)}${CLEAR_LINE}`)
    this.#output.write(`${HOME}${painted.join('\r\n')}${CLEAR_BELOW}`)
  }

  /** Gives the terminal back. A second time does nothing. */
  close(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }

  /** A terminal that cannot be written to is gone. */
  #writeNow(text: string): void {
    try {
      writeSync(this.#output.fd, text)
    } catch {}
  }

  #readKeys(events: TerminalEvents): void {
    if (!this.#input.isTTY) return
    const wasRaw = this.#input.isRaw
    this.#input.setRawMode(true)
    this.#listen(this.#input, 'data', (keys: unknown) => {
      if (END_KEYS.some(key => String(keys).includes(key))) events.end()
    })
    this.#input.resume()
    this.#undo.push(() => {
      this.#input.pause()
      this.#input.setRawMode(wasRaw)
    })
  }

  #listen(source: NodeJS.EventEmitter, event: string, listener: (value: unknown) => void): void {
    source.on(event, listener)
    this.#undo.push(() => void source.off(event, listener))
  }
}
