import { statSync } from 'node:fs'
import { describeThrown } from '../../errors/describe-thrown.ts'
import type { Logger } from '../../log/logger.ts'
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts'

/** How often the files are looked at, in milliseconds. */
const INTERVAL = 500
const DAY = 86_400_000
/** Days before its end in which a certificate is warned about. */
const NOTICE = 30

/** Takes up a certificate for new connections; those that are open keep theirs. */
export type UseCertificate = (certificate: Certificate) => void

/**
 * The certificate of a running server. Its files are read again when they change, also behind a symbolic link that turns,
 * and when it is asked for. What cannot be used is logged and changes nothing.
 */
export class ServedCertificate {
  readonly #files: CertificateFiles
  readonly #logger: Logger
  readonly #users: UseCertificate[] = []
  readonly #timer: NodeJS.Timeout
  #current: Certificate
  /** The version of the files that was looked at last. */
  #version: string
  #failure: string | undefined
  #reported: string | undefined
  #warnedAt = Number.NEGATIVE_INFINITY

  /** @throws {StartupError} `invalid_tls`. */
  constructor(files: CertificateFiles, logger: Logger) {
    this.#files = files
    this.#logger = logger
    this.#version = versionOf(files)
    this.#current = readCertificate(files)
    this.#warnOfEnd()
    this.#timer = setInterval(() => this.#look(), INTERVAL).unref()
  }

  get current(): Certificate {
    return this.#current
  }

  /** Gives every certificate that is taken up from now on to a listener. */
  follow(use: UseCertificate): void {
    this.#users.push(use)
  }

  /** Reads the files now, whether or not they look changed. */
  reload(): void {
    this.#failure = undefined
    this.#reported = undefined
    this.#version = versionOf(this.#files)
    this.#take(true)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    this.#warnOfEnd()
    const version = versionOf(this.#files)
    // What failed is tried once more: the certificate may have been there before its key.
    if (version === this.#version && this.#failure === undefined) return
    if (version !== this.#version) this.#failure = undefined
    this.#version = version
    if (this.#failure === undefined || this.#failure !== this.#reported) this.#take(this.#failure !== undefined)
  }

  #take(isLast: boolean): void {
    try {
      this.#use(readCertificate(this.#files))
      this.#failure = undefined
      this.#reported = undefined
    } catch (thrown) {
      this.#failure = describeThrown(thrown).message
      if (!isLast) return
      this.#reported = this.#failure
      const fields = { file: this.#files.cert, reason: this.#failure, expires: this.#current.expires.toISOString() }
      this.#logger.log('error', 'the certificate could not be read again: the old one stays', fields)
    }
  }

  #use(certificate: Certificate): void {
    const { cert, key, clientCa } = this.#current
    if (cert === certificate.cert && key === certificate.key && clientCa === certificate.clientCa) return
    for (const use of this.#users) use(certificate)
    this.#current = certificate
    this.#warnedAt = Number.NEGATIVE_INFINITY
    const { fingerprint, expires } = certificate
    this.#logger.log('info', 'the certificate was read again', { fingerprint, expires: expires.toISOString() })
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

/** Changes with every way to change one of the files. A file that is gone has a version, too. */
function versionOf(files: CertificateFiles): string {
  return [files.cert, files.key, files.clientCa].map(path => (path === undefined ? '' : versionOfFile(path))).join(' ')
}

function versionOfFile(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch {
    return 'gone'
  }
}
