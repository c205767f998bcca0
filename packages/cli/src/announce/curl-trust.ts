import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { displayPath } from '../files/display-path.ts'

/** What is served with TLS. */
export interface ServedTLS {
  /** The file of the certificate; empty without TLS. */
  readonly tlsCert: string
  /** The file with the certificate authorities of clients; empty where clients need no certificate. */
  readonly clientCa: string
}

/**
 * The options that curl needs to call a server with a certificate of `incant cert dev`, whose authority no system
 * knows: its files are beside the certificate. Other authorities have to be trusted already.
 */
export function describeTrust({ tlsCert, clientCa }: ServedTLS): readonly string[] {
  if (tlsCert === '') return []
  const beside = (name: string) => join(dirname(tlsCert), name)
  const own = ['client.pem', 'client-key.pem'].map(beside)
  const [cert = '', key = ''] = clientCa !== '' && own.every(path => existsSync(path)) ? own : []
  return [
    ...(isIssuer(beside('ca.pem'), tlsCert) ? ['--cacert', displayPath(beside('ca.pem'))] : []),
    ...(cert === '' ? [] : ['--cert', displayPath(cert), '--key', displayPath(key)]),
  ]
}

function isIssuer(path: string, tlsCert: string): boolean {
  try {
    const issuer = new X509Certificate(readFileSync(path))
    return new X509Certificate(readFileSync(tlsCert)).checkIssued(issuer)
  } catch {
    return false
  }
}
