import { describeThrown } from '../errors/describe-thrown.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Logger } from '../log/logger.ts'
import { readOption } from '../options/read.ts'
import { SERVER_OPTIONS } from '../options/server-options.ts'
import type { ServedLife } from './current-app.ts'
import type { Door } from './gate/door.ts'
import type { CloseOptions, CloseReport } from './predictor-server.ts'

/** Time connections that owe nothing any more have to close by themselves, in milliseconds. */
const FAREWELL = 750
/** Time between the cancellation of what still runs and the end of its connection, in milliseconds. */
const LAST_WORDS = 100
/** Time the predictor's `close()` may take, in milliseconds. */
const CLOSE_TIMEOUT = 10_000

/** The parts that a {@link Shutdown} ends. */
export interface ShutdownOptions {
  readonly app: Omit<ServedLife, 'ready'>
  readonly doors: readonly Door[]
  readonly logger: Logger
  /** Milliseconds. */
  readonly gracePeriod: number
  /** Releases everything that the server uses beside its sockets. */
  release(): Promise<void>
}

/** The end of a server, in its order: refuse, finish, cancel, disconnect, close the predictor. It happens once. */
export class Shutdown {
  readonly #options: ShutdownOptions
  readonly #deadline = new EarliestDeadline()
  #report: Promise<CloseReport> | undefined

  constructor(options: ShutdownOptions) {
    this.#options = options
  }

  drain(): void {
    for (const door of this.#options.doors) door.drain()
    this.#options.app.drain()
  }

  close(options: CloseOptions = {}): Promise<CloseReport> {
    this.#deadline.bringForward(readGracePeriod(options, this.#options.gracePeriod))
    this.#report ??= this.#close()
    return this.#report
  }

  async #close(): Promise<CloseReport> {
    const { app, doors, logger, release } = this.#options
    this.drain()
    const disconnected = Promise.all(doors.map(door => door.stopListening()))
    await Promise.race([app.stop(), this.#deadline.passed])
    const cut = app.unfinished
    if (cut === 0) await waitFor(Promise.race([disconnected, this.#deadline.passed]), FAREWELL)
    const closed = this.#closeApp()
    // What is cancelled may still say so, in a last event or an error.
    if (cut > 0) await waitFor(disconnected, LAST_WORDS)
    for (const door of doors) door.disconnect()
    if (!(await waitFor(closed, CLOSE_TIMEOUT))) logger.log('error', "the predictor's close() did not finish in time")
    this.#deadline.clear()
    await release()
    return { cut }
  }

  async #closeApp(): Promise<void> {
    const { app, logger } = this.#options
    try {
      await app.close()
    } catch (thrown) {
      logger.log('error', "the predictor's close() failed", { error: describeThrown(thrown) })
    }
  }
}

/** Whether something settles in time. */
async function waitFor(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timedOut = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const inTime = await Promise.race([promise.then(() => true), timedOut])
  clearTimeout(timer)
  return inTime
}

/**
 * @throws {StartupError} `invalid_option`.
 */
function readGracePeriod({ gracePeriod }: CloseOptions, otherwise: number): number {
  if (gracePeriod === undefined) return otherwise
  const milliseconds = readOption(SERVER_OPTIONS.gracePeriod, gracePeriod)
  if (typeof milliseconds === 'number') return milliseconds
  throw new StartupError({ code: 'invalid_option', found: `the grace period is ${JSON.stringify(gracePeriod)}` })
}

/** A deadline that can only come nearer. */
class EarliestDeadline {
  readonly passed: Promise<void>
  #pass: () => void = () => {}
  #at = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.passed = new Promise(resolve => {
      this.#pass = resolve
    })
  }

  bringForward(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (at >= this.#at) return
    this.#at = at
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#pass, milliseconds)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
