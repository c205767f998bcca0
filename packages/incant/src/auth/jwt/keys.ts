import type { CryptoKey, JWTVerifyGetKey } from 'jose'
import { nodeCrypto } from '../digest.ts'
import { invalidAuth } from '../invalid-auth.ts'
import { type LiveSecrets, readSecrets } from '../secrets/read-secrets.ts'
import type { AuthHost } from '../strategy.ts'
import type { Jose } from './jose.ts'
import type { JWTAlgorithm, JWTAuthOptions } from './options.ts'
import { remoteKeys } from './remote-keys.ts'

/** A key, or several, once the library is there. */
export type KeyFinder = (jose: Jose) => JWTVerifyGetKey

/** Keys that may have signed a token, to be tried one after the other. */
export type JWTKeys = LiveSecrets<readonly KeyFinder[]>

/**
 * Opens the keys that the options name.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function openKeys(options: JWTAuthOptions, host: AuthHost): JWTKeys {
  if ('jwks' in options) return openRemote(options.jwks, host)
  if ('secret' in options) return openSecrets(options.secret, options.algorithms, host)
  return openPublicKeys(options.publicKey, options.algorithms, host)
}

function openRemote(address: string | URL, { logger }: AuthHost): JWTKeys {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  if (url === undefined || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    throw invalidAuth('jwks is not an https: URL', 'Use https:. Anyone who can change the response can sign tokens.')
  }
  let opened: JWTVerifyGetKey | undefined
  const keys: readonly KeyFinder[] = [
    jose => {
      opened ??= remoteKeys(url, jose, logger)
      return opened
    },
  ]
  return { current: () => keys }
}

function openSecrets(given: unknown, algorithms: readonly JWTAlgorithm[], host: AuthHost): JWTKeys {
  const needed = Math.max(...algorithms.map(algorithm => Number(algorithm.slice(2)) / 8))
  const encoder = new TextEncoder()
  const describeFault = (secret: string) => {
    if (secret.includes('-----BEGIN')) return 'is a key in PEM, which is no secret of an HMAC'
    return encoder.encode(secret).length < needed ? `has fewer than ${needed} bytes` : undefined
  }
  const keep = (secrets: readonly string[]) => secrets.map(secret => () => () => encoder.encode(secret))
  return readSecrets(given, { option: 'secret', describeFault, keep }, host)
}

function openPublicKeys(given: unknown, algorithms: readonly JWTAlgorithm[], host: AuthHost): JWTKeys {
  return readSecrets(
    given,
    {
      option: 'publicKey',
      split: splitPEM,
      splitFile: splitPEM,
      describeFault: pem => describeKeyFault(pem, algorithms),
      keep: keys => keys.map(keepPublicKey),
    },
    host,
  )
}

/** Blocks of PEM; in variables their lines are often parted by a backslash and an n. */
function splitPEM(text: string): readonly string[] {
  const blocks = text.replaceAll('\\n', '\n').match(/-----BEGIN [\w ]+-----[^-]+-----END [\w ]+-----/g)
  return blocks ?? (text.trim() === '' ? [] : [text])
}

function describeKeyFault(pem: string, algorithms: readonly JWTAlgorithm[]): string | undefined {
  if (pem.includes('PRIVATE KEY')) return 'is a private key: the server needs the public one only'
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return 'is no public key in PEM (BEGIN PUBLIC KEY)'
  // Without Node's crypto a key that does not parse is found out with the first token.
  if (nodeCrypto === undefined) return undefined
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = nodeCrypto.createPublicKey(pem)
    if (!algorithms.some(algorithm => keyTypeOf(algorithm) === type))
      return `is a key for none of ${algorithms.join(', ')}`
    return type === 'rsa' && (details?.modulusLength ?? 0) < 2048 ? 'has fewer than 2048 bits' : undefined
  } catch {
    return 'does not parse as a public key'
  }
}

function keyTypeOf(algorithm: JWTAlgorithm): string {
  if (algorithm.startsWith('E')) return algorithm.startsWith('ES') ? 'ec' : 'ed25519'
  return 'rsa'
}

/** A key is imported for one algorithm, so once for each that a token names; those are few, and on the list. */
function keepPublicKey(pem: string): KeyFinder {
  const imported = new Map<string, Promise<CryptoKey>>()
  return ({ errors, importSPKI }) =>
    async ({ alg }) => {
      const known = imported.get(alg) ?? importSPKI(pem, alg)
      imported.set(alg, known)
      try {
        return await known
      } catch {
        throw new errors.JWKSNoMatchingKey()
      }
    }
}
