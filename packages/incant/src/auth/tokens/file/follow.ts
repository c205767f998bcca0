import { describeThrown } from '../../../errors/describe-thrown.ts'
import { awaitAnswer } from '../../../files/await-answer.ts'
import { fileSystem } from '../../../files/node-modules.ts'
import { PatientReader, UnansweredError } from '../../../files/patient-reader.ts'
import { readRegular, readRegularSync, versionOf } from '../../../files/regular-file.ts'
import type { Logger } from '../../../log/logger.ts'
import { invalidAuth } from '../../invalid-auth.ts'
import { checkAccess } from './access.ts'
import { describeFileFailure } from './failure.ts'

/** A file that is read again whenever it changes. */
export interface FollowOptions {
  readonly path: string
  /**
   * Uses the new text of the file.
   *
   * @returns The fields of the log line about it.
   * @throws where it cannot be used: then it counts as if it had not been read.
   */
  take(text: string): Readonly<Record<string, unknown>>
}

/** Four times a second: a change is used within one, also on a busy machine. */
const INTERVAL = 250

/**
 * Follows a file by looking at it, since that sees every way in which one changes: written over, replaced, or behind a
 * symbolic link that turns, as Kubernetes does it; also on file systems that report no changes.
 */
export class FollowedFile {
  readonly #options: FollowOptions
  readonly #logger: Logger
  readonly #timer: NodeJS.Timeout
  readonly #reader = new PatientReader()
  #looking: Promise<void> | undefined
  /** The version that was read last, whether or not it was usable. */
  #version: string | undefined
  /** Whether that version was there before it was read and is there still: no later change can look the same. */
  #isSettled = false
  #text: string
  #failure: string | undefined
  #reported: string | undefined

  /** @throws {StartupError} where the file is not usable at the start. */
  constructor(options: FollowOptions, logger: Logger) {
    this.#options = options
    this.#logger = logger
    this.#text = this.#readFirst()
    this.#timer = setInterval(() => void (this.#looking ?? this.look()), INTERVAL)
    this.#timer.unref()
  }

  /** Checks now. Changes made before the call are in use when the promise resolves, which it always does. */
  look(): Promise<void> {
    const looking = (this.#looking ?? Promise.resolve())
      .then(() => this.#look())
      .finally(() => {
        if (this.#looking === looking) this.#looking = undefined
      })
    this.#looking = looking
    return looking
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
  }

  /** At once and not in the background: what is wrong with it stops the start. */
  #readFirst(): string {
    const { path, take } = this.#options
    try {
      awaitAnswer([path])
      const { found, text } = readRegularSync(path)
      checkAccess(path, found, this.#logger)
      take(text)
      this.#version = versionOf(found)
      return text
    } catch (thrown) {
      if (thrown instanceof UnansweredError) {
        throw invalidAuth(`the tokens cannot be read: ${thrown.message}`, 'See to its mount, or name another file.')
      }
      throw describeFileFailure(thrown, path)
    }
  }

  async #look(): Promise<void> {
    try {
      await this.#readAgain()
    } catch (thrown) {
      // Its current state can only be found by reading it.
      if (thrown instanceof UnansweredError) this.#version = undefined
      this.#report(describeThrown(describeFileFailure(thrown, this.#options.path)).message)
    }
  }

  async #readAgain(): Promise<void> {
    const { path } = this.#options
    const { stat } = fileSystem().promises
    const version = versionOf(await this.#reader.read(path, () => stat(path, { bigint: true })))
    if (version === this.#version && this.#isSettled) return
    this.#isSettled = version === this.#version
    this.#version = version
    const { found, text } = await this.#reader.read(path, () => readRegular(path))
    checkAccess(path, found)
    this.#take(text)
  }

  #take(text: string): void {
    const { path, take } = this.#options
    if (text !== this.#text) this.#logger.log('info', 'tokens reloaded', { file: path, ...take(text) })
    else if (this.#reported !== undefined) this.#logger.log('info', 'tokens are readable again', { file: path })
    this.#text = text
    this.#failure = undefined
    this.#reported = undefined
  }

  /** Once for each reason, and only what is still so at the second look: a file may be half written at the first. */
  #report(failure: string): void {
    const isSecond = failure === this.#failure
    this.#failure = failure
    if (!isSecond || failure === this.#reported) return
    this.#reported = failure
    const fields = { file: this.#options.path, reason: failure }
    this.#logger.log('error', 'cannot reload tokens, still accepting the previous ones', fields)
  }
}
