// Its decorators need what this adds to Reflect, before it is loaded.
import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const HOUR = 3_600_000

/** PEM files by name. */
export type CertificateFiles = ReadonlyMap<'ca.pem' | 'cert.pem' | 'key.pem' | 'client.pem' | 'client-key.pem', string>

/** Options of development certificates. */
export interface DevelopmentOptions {
  /** Names and addresses of the server. */
  readonly names: readonly string[]
  /** The common name of a caller. Undefined: none is made for one. */
  readonly client: string | undefined
  /** How long they are valid, in milliseconds. */
  readonly lifetime: number
}

interface Authority {
  readonly certificate: X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

/**
 * Creates a certificate authority for one machine, and certificates for a server and a client. The key of the authority
 * is discarded, so that no further certificates can be issued in its name.
 */
export async function makeDevelopmentCertificates(options: DevelopmentOptions): Promise<CertificateFiles> {
  const { names, client, lifetime } = options
  const authority = await makeAuthority(lifetime)
  const [first = 'localhost'] = names
  const server = await issue(authority, {
    commonName: first,
    lifetime,
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), alternativeNames(names)],
  })
  const caller =
    client === undefined
      ? undefined
      : await issue(authority, {
          commonName: client,
          lifetime,
          extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
        })
  return new Map([
    ['ca.pem', toPEM(authority.certificate)],
    ['cert.pem', server.cert],
    ['key.pem', server.key],
    ...(caller === undefined
      ? []
      : ([
          ['client.pem', caller.cert],
          ['client-key.pem', caller.key],
        ] as const)),
  ])
}

async function makeAuthority(lifetime: number): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: makeSerialNumber(),
    name: 'CN=incant development authority',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(lifetime),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  return { certificate, keys }
}

interface IssueOptions {
  readonly commonName: string
  readonly lifetime: number
  readonly extensions: readonly Extension[]
}

async function issue({ certificate, keys }: Authority, options: IssueOptions): Promise<{ cert: string; key: string }> {
  const own = await makeKeys()
  const issued = await X509CertificateGenerator.create({
    serialNumber: makeSerialNumber(),
    subject: [{ CN: [options.commonName] }],
    issuer: certificate.subject,
    signingKey: keys.privateKey,
    publicKey: own.publicKey,
    signingAlgorithm: ALGORITHM,
    ...validity(options.lifetime),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...options.extensions,
    ],
  })
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
  return { cert: toPEM(issued), key: `${key}\n` }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair> // of an asymmetric algorithm
}

function alternativeNames(names: readonly string[]): Extension {
  return new SubjectAlternativeNameExtension(
    names.map(value => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
  )
}

/** From an hour ago, since clocks differ. */
function validity(lifetime: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - HOUR), notAfter: new Date(now + lifetime) }
}

/** RFC 5280 §4.1.2.2: positive, and never the same twice. */
function makeSerialNumber(): string {
  return `4${randomBytes(16).toString('hex').slice(1)}`
}

function toPEM(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}
