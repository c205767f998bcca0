import type { ClientCertificate } from '../../http/transport.ts'
import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate } from '../policy/decorator.ts'
import { DEFAULT_REALM, type RealmOption } from '../realm.ts'
import type { ConnectionStrategy } from '../strategy.ts'

/** Options of {@link mutualTlsAuth}: at least one of the two. */
export interface MutualTLSAuthOptions extends RealmOption {
  /**
   * Whose certificates count: common names, `CN=billing` or `billing`, and alternative names with their kind,
   * `DNS:billing.internal`, `URI:spiffe://example.org/billing`.
   */
  readonly subjects?: readonly string[]
  /** Which certificates count: SHA-256 in hex, with or without colons. */
  readonly fingerprints?: readonly string[]
}

/**
 * Requires a client certificate from one of the issuers in `clientCa`: for one of the subjects, or one of these
 * certificates. It is taken from the connection itself, never from a header. The principal is the subject.
 *
 * @example
 * ```ts
 * @mutualTlsAuth({ subjects: ['billing', 'URI:spiffe://example.org/reports'] })
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function mutualTlsAuth(options: MutualTLSAuthOptions): AuthDecorator {
  return decorate({ kind: 'strategy', decorator: '@mutualTlsAuth', strategy: mutualTlsStrategy(options) })
}

function mutualTlsStrategy(options: MutualTLSAuthOptions): ConnectionStrategy {
  const { realm = DEFAULT_REALM } = options
  let known: Known = { subjects: new Set(), fingerprints: new Set() }
  return {
    name: 'mutualTlsAuth',
    reads: 'connection',
    challenge: { scheme: 'ClientCertificate', parameters: { realm }, tellsError: false },
    security: { type: 'mutualTLS' },
    guessable: false,
    open() {
      known = readKnown(options)
    },
    authenticate(certificate) {
      if (certificate === undefined) return { refused: 'missing' }
      const id = identify(certificate, known)
      return id === undefined ? { refused: 'invalid' } : { id }
    },
  }
}

interface Known {
  readonly subjects: ReadonlySet<string>
  readonly fingerprints: ReadonlySet<string>
}

function identify(certificate: ClientCertificate, { subjects, fingerprints }: Known): string | undefined {
  const { commonName, alternativeNames, fingerprint } = certificate
  const names = [...(commonName === undefined ? [] : [`CN=${commonName}`]), ...alternativeNames]
  const subject = names.find(name => subjects.has(name))
  if (subject !== undefined) return subject
  return fingerprints.has(fingerprint) ? (names[0] ?? `SHA256=${fingerprint}`) : undefined
}

function readKnown({ subjects = [], fingerprints = [] }: MutualTLSAuthOptions): Known {
  if (subjects.length + fingerprints.length === 0) {
    throw invalidAuth('it names no caller', "Name subjects, such as { subjects: ['billing'] }, or fingerprints.")
  }
  return { subjects: new Set(subjects.map(readSubject)), fingerprints: new Set(fingerprints.map(readFingerprint)) }
}

function readSubject(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '' || text === 'CN=') {
    throw invalidAuth('a subject is empty', "Leave it out, or name one: 'billing'.")
  }
  return /^(?:CN=|(?:DNS|URI|email|IP Address):)/.test(text) ? text : `CN=${text}`
}

function readFingerprint(text: unknown): string {
  const hex = typeof text === 'string' ? text.replaceAll(':', '').toLowerCase() : ''
  if (/^[0-9a-f]{64}$/.test(hex)) return hex
  throw invalidAuth(
    'a fingerprint is not the SHA-256 hash of a certificate in hex',
    'Print it: openssl x509 -noout -fingerprint -sha256 -in cert.pem',
  )
}
