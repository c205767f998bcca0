import 'reflect-metadata'
import { type webcrypto, X509Certificate } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { onTestFinished } from 'vitest'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}
const DAY = 86_400_000

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** Issues certificates. */
export interface Issuer extends Pair {
  issue(options?: IssueOptions): Promise<Pair>
}

/** What a certificate is for, and when. */
export interface IssueOptions {
  readonly commonName?: string
  readonly names?: readonly string[]
  readonly uris?: readonly string[]
  readonly from?: Date
  readonly until?: Date
  /** @default 'ECDSA' */
  readonly key?: 'ECDSA' | 'RSA'
}

/** An authority of its own for one test. */
export async function makeIssuer(commonName = 'test authority'): Promise<Issuer> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 365 * DAY),
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  const issue = async (options: IssueOptions = {}) => {
    const own = await crypto.subtle.generateKey(options.key === 'RSA' ? RSA : ALGORITHM, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${options.commonName ?? 'server'}`,
      issuer: authority.subject,
      signingKey: keys.privateKey,
      publicKey: own.publicKey,
      notBefore: options.from ?? new Date(Date.now() - DAY),
      notAfter: options.until ?? new Date(Date.now() + 90 * DAY),
      signingAlgorithm: ALGORITHM,
      extensions: [nameExtension(options)],
    })
    return { cert: `${certificate.toString('pem')}\n`, key: await exportKey(own.privateKey) }
  }
  return { cert: `${authority.toString('pem')}\n`, key: await exportKey(keys.privateKey), issue }
}

function nameExtension({ names = ['localhost', '127.0.0.1'], uris = [] }: IssueOptions) {
  return new SubjectAlternativeNameExtension([
    ...names.map(value => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
    ...uris.map(value => ({ type: 'url' as const, value })),
  ])
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

/** SHA-256 of a certificate, as OpenSSL prints it. */
export function fingerprintOf({ cert }: Pair): string {
  return new X509Certificate(cert).fingerprint256
}

/** The files of a server, in a folder that lives as long as the test. */
export interface PairFiles {
  readonly folder: string
  /** Where they are, as options of a server. */
  readonly files: { readonly tlsCert: string; readonly tlsKey: string }
  /** Puts others in their place, each at once. */
  replace(pair: Pair): void
}

/** Writes a certificate and its key. */
export function writePair(pair: Pair): PairFiles {
  const folder = mkdtempSync(join(tmpdir(), 'incant-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const replace = ({ cert, key }: Pair) => {
    for (const [path, text] of [
      [tlsCert, cert],
      [tlsKey, key],
    ] as const) {
      writeFileSync(`${path}.new`, text, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    }
  }
  replace(pair)
  return { folder, files: { tlsCert, tlsKey }, replace }
}
