import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

/** The three suites of TLS 1.3, and of TLS 1.2 the six with a fresh key for each connection and authenticated encryption. */
const SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
]

/** The TLS settings of every listener, with any certificate. */
export const TLS_PROTOCOL: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  ciphers: SUITES.join(':'),
  honorCipherOrder: true,
  ecdhCurve: 'X25519:P-256:P-384',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
}

/** For a year, this host is asked over HTTPS alone (RFC 6797). Subdomains are not ours to speak for. */
export const STRICT_TRANSPORT: readonly [name: string, value: string] = [
  'Strict-Transport-Security',
  'max-age=31536000',
]
