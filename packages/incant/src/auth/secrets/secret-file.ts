import type { MaybePromise } from '../../async/maybe-promise.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { PatientReader } from '../../files/patient-reader.ts'
import type { AuthHost } from '../strategy.ts'

/** Options of {@link SecretFile}. */
export interface SecretFileOptions<Kept> {
  readonly path: string
  /** The option that names it, for the log. */
  readonly option: string
  readonly host: AuthHost
  /** Makes of its text what is kept. @throws where it is not usable. */
  parse(text: string): Kept
  /** As it was read first. */
  readonly version: string
  readonly kept: Kept
}

/** The longest time until a changed file is used, in milliseconds. */
const RECHECK_INTERVAL = 500

/**
 * Secrets in a file that may change. The file is checked when a secret is needed, so there is no timer to stop. Content
 * older than the interval is used only while the file does not answer. A check takes no thread from requests and at
 * most a second; until the file has answered, no other request waits for it.
 */
export class SecretFile<Kept> {
  readonly #options: SecretFileOptions<Kept>
  readonly #reader = new PatientReader()
  #version: string
  #kept: Kept
  #checkedAt: number = performance.now()
  #looking: Promise<Kept> | undefined
  #failure: string | undefined

  constructor(options: SecretFileOptions<Kept>) {
    this.#options = options
    this.#version = options.version
    this.#kept = options.kept
  }

  current(): MaybePromise<Kept> {
    if (this.#looking !== undefined) return this.#looking
    if (performance.now() - this.#checkedAt < RECHECK_INTERVAL) return this.#kept
    this.#checkedAt = performance.now()
    if (this.#reader.isStuck) return this.#kept
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<Kept> {
    const { path, option, host, parse } = this.#options
    try {
      const changed = await this.#reader.read(path, () => this.#readChanged())
      if (changed !== undefined) {
        this.#kept = parse(changed.text)
        // Only now: what could not be read is tried again, since what was wrong with it need not show in its version.
        this.#version = changed.version
        host.logger.log('info', 'secrets reloaded', { option, file: path })
      }
      this.#failure = undefined
    } catch (thrown) {
      this.#report(describeThrown(thrown).message)
    }
    return this.#kept
  }

  async #readChanged() {
    const { path, host } = this.#options
    const { secrets } = host
    if (secrets.readChanged !== undefined) return secrets.readChanged(path, this.#version)
    const version = secrets.fileVersion(path)
    return version === this.#version ? undefined : { version, text: secrets.file(path) }
  }

  /** Once for each reason. */
  #report(reason: string): void {
    if (reason === this.#failure) return
    this.#failure = reason
    const fields = { file: this.#options.path, reason }
    this.#options.host.logger.log('error', 'cannot reload secrets, still using the previous ones', fields)
  }
}
