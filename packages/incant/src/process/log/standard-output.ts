import { write, writeSync } from 'node:fs'

/** Where lines go. */
export interface LineStream {
  write(line: string): unknown
}

const STANDARD_OUTPUT = 1
/** Time a line may wait for others to be written with, in milliseconds. */
const GATHERING = 20
/** Characters that are written without waiting further. */
const ENOUGH = 64 * 1024
/** Characters kept for a reader that does not keep up; past that, lines are lost rather than requests. */
const BACKLOG = 16 * 1024 ** 2
/** Time before a reader that is not ready is tried again, in milliseconds. */
const RETRY = 10
/** Times that is done when the process exits, without anything else going on meanwhile. */
const LAST_TRIES = 100

let shared: GatheredOutput | undefined

/**
 * Standard output without a system call, and a thread, for each line: lines are gathered for a moment. What is gathered
 * when the process exits is written then. On a terminal every line is written at once. A reader that is gone ends the
 * log and not the server.
 */
export function standardOutput(): LineStream {
  shared ??= new GatheredOutput(process.stdout.isTTY ? 0 : GATHERING)
  return shared
}

/** Settles when every line has been written, or nobody is there to read them. */
export function flushLogs(): Promise<void> {
  return shared?.flushed() ?? Promise.resolve()
}

class GatheredOutput implements LineStream {
  readonly #gathering: number
  #gathered = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What is being written: one piece at a time, so that lines stay in their order. */
  #writing: Buffer | undefined
  #gone = false
  #waiting: (() => void)[] = []

  constructor(gathering: number) {
    this.#gathering = gathering
    process.on('exit', () => this.#writeLast())
  }

  write(line: string): void {
    if (this.#gone || this.#gathered.length > BACKLOG) return
    this.#gathered += line
    if (this.#gathering === 0 || this.#gathered.length >= ENOUGH) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), this.#gathering).unref()
  }

  flushed(): Promise<void> {
    this.#flush()
    if (this.#writing === undefined) return Promise.resolve()
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#writing !== undefined || this.#gathered === '') return
    this.#write(this.#take())
  }

  #take(): Buffer {
    const bytes = Buffer.from(this.#gathered)
    this.#gathered = ''
    return bytes
  }

  #write(bytes: Buffer): void {
    this.#writing = bytes
    write(STANDARD_OUTPUT, bytes, (error, written) => {
      if (error === null) this.#goOn(bytes.subarray(written))
      else if (isBusy(error)) setTimeout(() => this.#write(bytes), RETRY).unref()
      else this.#giveUp()
    })
  }

  #goOn(rest: Buffer): void {
    if (rest.byteLength > 0) {
      this.#write(rest)
      return
    }
    this.#writing = undefined
    this.#flush()
    if (this.#writing === undefined) this.#settle()
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #giveUp(): void {
    this.#gone = true
    this.#writing = undefined
    this.#gathered = ''
    this.#settle()
  }

  /** What has been gathered since, while nothing else runs any more. What is being written, Node's threads still write. */
  #writeLast(): void {
    let bytes = this.#take()
    for (let tries = 0; bytes.byteLength > 0 && tries < LAST_TRIES && !this.#gone; tries += 1) {
      try {
        bytes = bytes.subarray(writeSync(STANDARD_OUTPUT, bytes))
      } catch (error) {
        if (isBusy(error)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY)
        else this.#giveUp()
      }
    }
  }
}

/** The reader of a pipe is there and has no room now. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY')
}
