import type { TLSSocket } from 'node:tls'
import type { ClientCertificate } from '../../http/transport.ts'

/** The certificate of the peer, where TLS has verified it against the issuers we trust. */
export function readClientCertificate(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined
  const { subject, subjectaltname = '', fingerprint256 } = socket.getPeerCertificate()
  // Without a certificate the object is empty, although its type says otherwise.
  if (fingerprint256 === undefined) return undefined
  // Several common names come as a list, of which none is the right one.
  const commonName: unknown = subject?.CN
  return {
    commonName: typeof commonName === 'string' ? commonName : undefined,
    // Names with a comma or a quote come quoted, so that they cannot be taken for several.
    alternativeNames: subjectaltname.includes('"') ? [] : subjectaltname.split(', ').filter(name => name !== ''),
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}
