import { writeSync } from 'node:fs'
import { type SourceLocation, StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { formatError } from '../report/print-error.ts'
import { locateThrown } from '../report/thrown.ts'
import { printWarning } from '../report/warning.ts'

/** Milliseconds after which a file that is still being loaded is worth a word. */
const PATIENCE = 10_000

/** How to watch. */
export interface WatchOptions {
  /** Milliseconds. @defaultValue 10_000 */
  readonly patience?: number | undefined
  /** Default: standard error. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Loads a file, and reports what would silently end or hold up the process: code that calls `process.exit`, and an
 * `await` at the top of the file that does not settle.
 *
 * @throws {StartupError} `import_failed` where the user's code calls `process.exit`.
 */
export async function watchLoading<Result>(
  file: string,
  load: () => Promise<Result>,
  { patience = PATIENCE, warn = printWarning }: WatchOptions = {},
): Promise<Result> {
  const exits = new RefusedExits(file)
  const onExit = (code: number) => reportExit(exits.passed ? exitCalled(file, code) : neverSettles(file), code)
  process.once('exit', onExit)
  const timer = setTimeout(() => warn(stillLoading(file, patience)), patience)
  // Where nothing else is left to do, the process ends: it does not wait for this.
  timer.unref()
  try {
    return await load()
  } finally {
    clearTimeout(timer)
    process.off('exit', onExit)
    exits.restore()
  }
}

/** Has `process.exit` throw where code of the user's calls it. */
class RefusedExits {
  readonly #exit: typeof process.exit
  /** Whether a package, or this program, has called it, which may have its reasons. */
  passed = false

  constructor(file: string) {
    const exit = process.exit
    this.#exit = exit
    process.exit = code => {
      const location = locateThrown(new Error('process.exit'))
      if (location !== undefined) throw exitCalled(file, Number(code ?? process.exitCode ?? 0), location)
      this.passed = true
      return exit(code)
    }
  }

  restore(): void {
    process.exit = this.#exit
  }
}

function exitCalled(file: string, code: number, location?: SourceLocation): StartupError {
  return new StartupError({
    code: 'import_failed',
    found: `process.exit(${code}) was called while the file was loaded`,
    instead: 'Code outside the class runs when the file loads. Throw an error instead of exiting.',
    location: location ?? { file: displayPath(file) },
  })
}

/** The last words of the process: nothing that is asynchronous happens any more. */
function reportExit(error: StartupError, code: number): void {
  writeSync(2, `${formatError(error)}\n`)
  // 13 is Node's own for an await that does not settle.
  process.exitCode = code === 0 || code === 13 ? 1 : code
}

function neverSettles(file: string): StartupError {
  return new StartupError({
    code: 'import_failed',
    found: 'a top-level await in the file, or in one that it imports, never settles',
    instead: 'Nothing is left to settle it. Move slow work to setup(), which has a time limit.',
    location: { file: displayPath(file) },
  })
}

function stillLoading(file: string, patience: number): string {
  return (
    `${displayPath(file)} is still being loaded after ${patience / 1000} s: an await at its top, or at that of a file that it ` +
    'imports, has not settled. Await what takes time in setup(), which has a time limit.'
  )
}
