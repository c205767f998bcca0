import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { StartupError } from '../../errors/startup-error.ts'
import { awaitAnswer } from '../../files/await-answer.ts'
import { UnansweredError } from '../../files/patient-reader.ts'
import { readRegular, readRegularSync, UnfitFileError } from '../../files/regular-file.ts'

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
  /** The issuers of client certificates. Undefined: clients need none. */
  readonly clientCa: string | undefined
}

/** A certificate that has been checked, and all that goes with it. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly clientCa: string | undefined
  /** When the first of its chain expires. */
  readonly expires: Date
  /** The names and addresses it is for. */
  readonly names: readonly string[]
  readonly fingerprint: string
}

/**
 * Reads a certificate and what belongs to it, and checks all of it: they parse, the key is the certificate's, each one of
 * the chain was issued by the next, and all are in date.
 *
 * @throws {StartupError} `invalid_tls`.
 */
export function readCertificate(files: CertificateFiles, now: number = Date.now()): Certificate {
  const { cert: certPath, key: keyPath, clientCa: issuersPath } = files
  awaitFiles([certPath, keyPath, ...(issuersPath === undefined ? [] : [issuersPath])])
  const [cert, key] = [read('certificate', certPath), read('key', keyPath)]
  const clientCa = files.clientCa === undefined ? undefined : read('list of issuers', files.clientCa)
  return checkCertificate({ cert, key, clientCa }, files, now)
}

/** As {@link readCertificate}, off the event loop. */
export async function readCertificateAgain(files: CertificateFiles): Promise<Certificate> {
  const [cert, key, clientCa] = await Promise.all([
    readAgain('certificate', files.cert),
    readAgain('key', files.key),
    files.clientCa === undefined ? undefined : readAgain('list of issuers', files.clientCa),
  ])
  return checkCertificate({ cert, key, clientCa }, files, Date.now())
}

/** The content of the files. */
type CertificateTexts = Pick<Certificate, 'cert' | 'key' | 'clientCa'>

function checkCertificate(texts: CertificateTexts, files: CertificateFiles, now: number): Certificate {
  const { cert, key, clientCa } = texts
  const chain = parseChain(cert, files.cert)
  const [leaf] = chain
  checkKey(leaf, parseKey(key, files.key), files)
  checkChain(chain, files.cert)
  for (const part of chain) checkDates(part, files.cert, now)
  if (files.clientCa !== undefined && clientCa !== undefined) {
    for (const issuer of parseChain(clientCa, files.clientCa)) checkDates(issuer, files.clientCa, now)
  }
  checkContext(cert, key, files)
  const expires = new Date(Math.min(...chain.map(part => Date.parse(part.validTo))))
  return { cert, key, clientCa, expires, names: namesOf(leaf), fingerprint: leaf.fingerprint256 }
}

/** A mount that hangs ends the start, and does not keep it. */
function awaitFiles(paths: readonly string[]): void {
  try {
    awaitAnswer(paths)
  } catch (cause) {
    if (!(cause instanceof UnansweredError)) throw cause
    throw invalid(cause.message, 'See to its mount, or name another file.', cause)
  }
}

function read(what: string, path: string): string {
  try {
    return readRegularSync(path).text
  } catch (cause) {
    throw unreadable(what, path, cause)
  }
}

async function readAgain(what: string, path: string): Promise<string> {
  try {
    return (await readRegular(path)).text
  } catch (cause) {
    throw unreadable(what, path, cause)
  }
}

function unreadable(what: string, path: string, cause: unknown): StartupError {
  const remedy = 'Name a PEM file that this user may read.'
  if (cause instanceof UnfitFileError) return invalid(`the ${what} ${cause.message}`, remedy, cause)
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return invalid(
    `the ${what} ${path} ${code === 'ENOENT' ? 'does not exist' : 'cannot be read by this user'}`,
    remedy,
    cause,
  )
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

function parseChain(text: string, path: string): readonly [X509Certificate, ...X509Certificate[]] {
  try {
    const [leaf, ...issuers] = (text.match(PEM) ?? []).map(block => new X509Certificate(block))
    if (leaf !== undefined) return [leaf, ...issuers]
  } catch (cause) {
    throw invalid(`${path} contains a certificate that does not parse`, 'Save it again, in PEM format.', cause)
  }
  throw invalid(`${path} contains no certificate`, 'Use PEM format: -----BEGIN CERTIFICATE-----.')
}

function parseKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    const isEncrypted = text.includes('ENCRYPTED')
    if (isEncrypted)
      throw invalid(`the key ${path} has a passphrase`, 'Remove it: openssl pkey -in KEY -out NEW.', cause)
    throw invalid(`${path} contains no private key`, 'Use PEM format: -----BEGIN PRIVATE KEY-----.', cause)
  }
}

function checkKey(leaf: X509Certificate, key: KeyObject, files: CertificateFiles): void {
  if (leaf.checkPrivateKey(key)) return
  throw invalid(
    `the key ${files.key} does not belong to the certificate ${files.cert}`,
    'Use a certificate and key of one pair; the server certificate comes first in its file.',
  )
}

function checkChain(chain: readonly X509Certificate[], path: string): void {
  for (const [index, part] of chain.entries()) {
    const issuer = chain[index + 1]
    if (issuer === undefined || (part.checkIssued(issuer) && part.verify(issuer.publicKey))) continue
    throw invalid(
      `the chain of ${path} is broken: certificate ${index + 2} did not issue certificate ${index + 1}`,
      'Put the server certificate first, then its issuer, and so on.',
    )
  }
}

function checkDates(part: X509Certificate, path: string, now: number): void {
  if (now >= Date.parse(part.validTo))
    throw invalid(`${path} has expired: it was valid until ${toISO(part.validTo)}`, 'Renew it.')
  if (now < Date.parse(part.validFrom))
    throw invalid(
      `${path} is not valid yet: it becomes valid on ${toISO(part.validFrom)}`,
      'Check the clock of this machine.',
    )
}

function toISO(text: string): string {
  return `${new Date(text).toISOString().slice(0, 19)}Z`
}

/** Errors that only OpenSSL finds, such as a key that is too short. */
function checkContext(cert: string, key: string, files: CertificateFiles): void {
  try {
    createSecureContext({ cert, key })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw invalid(
      `${files.cert} cannot be used: ${reason}`,
      'Use a 2048-bit RSA key, or one on the curve P-256.',
      cause,
    )
  }
}

/** The names of RFC 6125, and the addresses. Those that need quoting are no names of hosts. */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName.split(', ').flatMap(entry => /^(?:DNS|IP Address):([^"]+)$/.exec(entry)?.[1] ?? [])
}

function invalid(found: string, instead: string, cause?: unknown): StartupError {
  return new StartupError({ code: 'invalid_tls', found, instead, cause })
}
