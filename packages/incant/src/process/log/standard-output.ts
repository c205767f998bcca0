import { write, writeSync } from 'node:fs'

/** Where lines go. */
export interface LineStream {
  write(line: string): unknown
}

/** The importance of a line if there is no room for all: `failure` is the line of a request that failed. */
export type Importance = 'plain' | 'fault' | 'failure'

/** Where the lines of a logger go, each with how much it matters. */
export interface LogOutput {
  write(line: string, importance: Importance): void
}

/** A time in which the log could not be written. */
export interface LogGap {
  /** The code of the system's error, or `slow_reader`. */
  readonly reason: string
  /** Lines that were dropped meanwhile. */
  readonly lost: number
}

const STANDARD_OUTPUT = 1
const STANDARD_ERROR = 2
/** Time a line may wait for others to be written with, in milliseconds. */
const GATHERING = 20
/** Characters that are written without waiting further. */
const ENOUGH = 64 * 1024
const MIB = 1024 ** 2
/** Characters kept for a reader that does not keep up; past that, lines are lost rather than requests, and counted. */
const BACKLOG: Readonly<Record<Importance, number>> = { plain: 16 * MIB, fault: 24 * MIB, failure: 32 * MIB }
/** Time before a reader that is not ready is tried again, in milliseconds. */
const RETRY = 10
/** Time before a disk that is full, or broken, is tried again, in milliseconds. */
const RETRY_DISK = 250
/** Times that is done when the process exits, without anything else going on meanwhile. */
const LAST_TRIES = 100
/** Errors after which no reader will ever come back. All others may pass: ENOSPC, EDQUOT, EIO, EFBIG. */
const FINAL: readonly unknown[] = ['EPIPE', 'EBADF', 'EINVAL', 'ERR_OUT_OF_RANGE']

const NOTHING: Buffer = Buffer.alloc(0)

let shared: GatheredOutput | undefined

/**
 * Standard output without a system call, and a thread, for each line: lines are gathered for a moment. Gathered lines
 * are written when the process exits. On a terminal every line is written at once. A closed reader ends the log and not
 * the server; a full disk is tried again until there is room.
 *
 * @param describe - The line that reports a gap; that of the first caller is used.
 */
export function standardOutput(describe: (gap: LogGap) => string): LogOutput {
  shared ??= new GatheredOutput(process.stdout.isTTY ? 0 : GATHERING, describe)
  return shared
}

/** Settles when every line has been written, or no reader is left. */
export function flushLogs(): Promise<void> {
  return shared?.flushed() ?? Promise.resolve()
}

class GatheredOutput implements LogOutput {
  readonly #gathering: number
  readonly #describe: (gap: LogGap) => string
  #gathered = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What is being written: one piece at a time, so that lines stay in their order. */
  #writing: Buffer | undefined
  /** Of that, what waits to be tried again. */
  #stuck: Buffer = NOTHING
  #gone = false
  #waiting: (() => void)[] = []
  /** The error that keeps the log from being written. */
  #trouble: string | undefined
  #lost = 0

  constructor(gathering: number, describe: (gap: LogGap) => string) {
    this.#gathering = gathering
    this.#describe = describe
    process.on('exit', () => this.#writeLast())
  }

  write(line: string, importance: Importance): void {
    if (this.#gone) return
    if (this.#gathered.length > BACKLOG[importance]) {
      this.#lost += 1
      return
    }
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
    const bytes = Buffer.from(this.#gathered + this.#takeGap())
    this.#gathered = ''
    return bytes
  }

  /** After the lines that were kept: what became of the others. */
  #takeGap(): string {
    if (this.#lost === 0 && this.#trouble === undefined) return ''
    const gap = { reason: this.#trouble ?? 'slow_reader', lost: this.#lost }
    this.#trouble = undefined
    this.#lost = 0
    return this.#describe(gap)
  }

  #write(bytes: Buffer): void {
    this.#writing = bytes
    this.#stuck = NOTHING
    write(STANDARD_OUTPUT, bytes, (error, written) => {
      if (error === null) this.#goOn(bytes.subarray(written))
      else if (isBusy(error)) this.#tryAgain(bytes, RETRY)
      else if (FINAL.includes(error.code)) this.#giveUp()
      else this.#wait(bytes, error.code ?? error.name)
    })
  }

  /** From the very byte on that could not be written, so that no line is cut. */
  #wait(bytes: Buffer, code: string): void {
    if (this.#trouble === undefined) complain(code)
    this.#trouble = code
    this.#tryAgain(bytes, RETRY_DISK)
  }

  #tryAgain(bytes: Buffer, delay: number): void {
    this.#stuck = bytes
    setTimeout(() => this.#write(bytes), delay).unref()
  }

  #goOn(rest: Buffer): void {
    if (rest.byteLength > 0) {
      this.#write(rest)
      return
    }
    this.#writing = undefined
    // Also if nothing was written since: the trouble must be visible in the log.
    if (this.#trouble !== undefined) this.#gathered += this.#takeGap()
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
    let bytes = Buffer.concat([this.#stuck, this.#take()])
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

/** To standard error, which may lead elsewhere; if that fails too, there is no place left to report to. */
function complain(code: string): void {
  try {
    writeSync(STANDARD_ERROR, `incant: the log cannot be written (${code}). It goes on when it can.\n`)
  } catch {
    // The same disk.
  }
}
