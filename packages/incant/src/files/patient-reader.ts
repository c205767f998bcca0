import { withTimeLimit } from '../async/with-time-limit.ts'

/** The longest wait for a file, in milliseconds. */
const PATIENCE = 1000

/** A file system does not answer: a network that is gone, a mount that hangs. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError'
}

/** Reads whose time is up. Shared by all copies of the package in a process. */
const UNANSWERED = Symbol.for('incant.unansweredFiles')

/**
 * The files that do not answer now. Each keeps a thread that nothing can stop, and a process that exits waits for its
 * threads.
 */
export function unansweredFiles(): readonly string[] {
  return [...new Set(registry().values())]
}

/** Notes a file for whose read nothing waits any more. */
export function noteUnanswered(path: string): void {
  registry().set(new Promise(() => {}), path)
}

/** The paths of reads whose time is up, by the read. */
function registry(): Map<Promise<unknown>, string> {
  // The symbol is private to this file, so the property has this type.
  const holder = globalThis as { [UNANSWERED]?: Map<Promise<unknown>, string> }
  holder[UNANSWERED] ??= new Map()
  return holder[UNANSWERED]
}

/**
 * Reads with a wait of at most a second. A file that does not answer is read once and not again before it has answered,
 * so that it takes one thread and no more.
 */
export class PatientReader {
  #reading: Promise<unknown> | undefined

  /** Whether a read is under way whose time is up. */
  get isStuck(): boolean {
    return this.#reading !== undefined
  }

  /**
   * Runs one read; one at a time.
   *
   * @throws {UnansweredError} where it takes longer than a second, or the one before has not come back.
   * @throws What the read throws.
   */
  async read<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
    const late = (): UnansweredError => new UnansweredError(`${path} does not answer`)
    if (this.#reading !== undefined) throw late()
    const reading = work()
    this.#reading = reading
    const settle = (): void => {
      this.#reading = undefined
      registry().delete(reading)
    }
    reading.then(settle, settle)
    return withTimeLimit(
      PATIENCE,
      () => reading,
      () => {
        registry().set(reading, path)
        return late()
      },
    )
  }
}
