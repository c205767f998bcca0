import { stat } from 'node:fs/promises'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { PatientReader, UnansweredError } from '../../files/patient-reader.ts'
import { versionOf } from '../../files/regular-file.ts'
import type { Logger } from '../../log/logger.ts'
import { type Certificate, type CertificateFiles, readCertificate, readCertificateAgain } from './certificate.ts'

/** How often the files are looked at, in milliseconds. */
const INTERVAL = 500
const DAY = 86_400_000
/** Days before its end in which a certificate is warned about. */
const NOTICE = 30

/** Uses a certificate for new connections; open ones keep theirs. */
export type UseCertificate = (certificate: Certificate) => void

/**
 * The certificate of a running server. Its files are read again when they change, also behind a symbolic link whose
 * target changes, and on request. A certificate that cannot be used is logged and changes nothing.
 */
export class ServedCertificate {
  readonly #files: CertificateFiles
  readonly #logger: Logger
  readonly #users: UseCertificate[] = []
  readonly #timer: NodeJS.Timeout
  #current: Certificate
  readonly #reader = new PatientReader()
  #looking: Promise<void> | undefined
  /** The version of the files that was looked at last. */
  #version = UNKNOWN
  #failure: string | undefined
  #reported: string | undefined
  #warnedAt = Number.NEGATIVE_INFINITY

  /** @throws {StartupError} `invalid_tls`. */
  constructor(files: CertificateFiles, logger: Logger) {
    this.#files = files
    this.#logger = logger
    this.#current = readCertificate(files)
    this.#warnOfEnd()
    this.#timer = setInterval(() => this.#tick(), INTERVAL).unref()
  }

  get current(): Certificate {
    return this.#current
  }

  /** Passes every certificate that is used from now on to a listener. */
  follow(use: UseCertificate): void {
    this.#users.push(use)
  }

  /** Reads the files now, whether or not they look changed. Settles when the certificate is in use, or refused. */
  reload(): Promise<void> {
    return this.#afterLooking(async () => {
      this.#failure = undefined
      this.#reported = undefined
      this.#version = UNKNOWN
      await this.#look(true)
    })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    this.#warnOfEnd()
    if (this.#looking === undefined) void this.#afterLooking(() => this.#look(false))
  }

  /** One look at a time. */
  #afterLooking(work: () => Promise<void>): Promise<void> {
    const looking = (this.#looking ?? Promise.resolve()).then(work).finally(() => {
      if (this.#looking === looking) this.#looking = undefined
    })
    this.#looking = looking
    return looking
  }

  /** @param isAsked - Whether a failure is reported at once. */
  async #look(isAsked: boolean): Promise<void> {
    try {
      const version = await this.#read(() => readVersions(this.#files))
      // What failed is tried once more: the certificate may have been there before its key.
      if (version === this.#version && this.#failure === undefined) return
      if (version !== this.#version) this.#failure = undefined
      this.#version = version
      if (this.#failure !== undefined && this.#failure === this.#reported) return
      this.#use(await this.#read(() => readCertificateAgain(this.#files)))
      this.#failure = undefined
      this.#reported = undefined
    } catch (thrown) {
      this.#fail(thrown, isAsked)
    }
  }

  #read<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#reader.read(this.#files.cert, work)
  }

  #fail(thrown: unknown, isAsked: boolean): void {
    const isLast = isAsked || this.#failure !== undefined || thrown instanceof UnansweredError
    // Its current state can only be found by reading it.
    if (thrown instanceof UnansweredError) this.#version = UNKNOWN
    this.#failure = describeThrown(thrown).message
    if (!isLast || this.#failure === this.#reported) return
    this.#reported = this.#failure
    const fields = { file: this.#files.cert, reason: this.#failure, expires: this.#current.expires.toISOString() }
    this.#logger.log('error', 'cannot reload the certificate, still using the previous one', fields)
  }

  #use(certificate: Certificate): void {
    const { cert, key, clientCa } = this.#current
    if (cert === certificate.cert && key === certificate.key && clientCa === certificate.clientCa) return
    for (const use of this.#users) use(certificate)
    this.#current = certificate
    this.#warnedAt = Number.NEGATIVE_INFINITY
    const { fingerprint, expires } = certificate
    this.#logger.log('info', 'certificate reloaded', { fingerprint, expires: expires.toISOString() })
    this.#warnOfEnd()
  }

  /** Once a day. */
  #warnOfEnd(): void {
    const now = Date.now()
    const days = Math.floor((this.#current.expires.getTime() - now) / DAY)
    if (days >= NOTICE || now - this.#warnedAt < DAY) return
    this.#warnedAt = now
    const fields = { file: this.#files.cert, expires: this.#current.expires.toISOString(), days }
    if (days < 0) this.#logger.log('error', 'the certificate has expired', fields)
    else this.#logger.log('warn', `the certificate expires in ${days} days`, fields)
  }
}

/** No version that files have. */
const UNKNOWN = ''

/** Changes with every way to change one of the files. A file that is gone has a version, too. */
async function readVersions(files: CertificateFiles): Promise<string> {
  const all = [files.cert, files.key, files.clientCa].map(path => (path === undefined ? '' : readVersion(path)))
  return (await Promise.all(all)).join(' ')
}

async function readVersion(path: string): Promise<string> {
  try {
    return versionOf(await stat(path, { bigint: true }))
  } catch {
    return 'gone'
  }
}
