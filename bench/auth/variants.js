import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import {
  anyOf,
  apiKeyAuth,
  basicAuth,
  bearerAuth,
  bodyTokenAuth,
  jwtAuth,
  rateLimit,
} from '../../packages/incant/dist/auth.js'

const TOKEN = 'inc_b3nchm4rk0_0123456789abcdefghijklmnopqrstuv000000'
const SECRET = 'a secret of at least thirty-two bytes'
/** `password`, as hashPassword made it. */
const HASHED = '$scrypt$ln=14,r=8,p=5$tcYQqm3uS4Y6fALw6IHBxg$d1qqiudHPVEz5EmJnsNugwA0b05QQM0D/VjPUYGGS4M'

/** The example key of RFC 8037, appendix A: known to everybody, and good enough to be measured. */
const ED25519 = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}

/**
 * A way to authenticate.
 *
 * @typedef {object} Variant
 * @property {readonly unknown[]} decorators what stands on the class
 * @property {Record<string, string>} [headers] what a caller sends
 * @property {Record<string, string>} [body] members of the payload
 */

/** @type {Record<string, Variant>} */
export const variants = {
  // With as many headers as the others, since reading them is no part of the check.
  'no auth': { decorators: [], headers: bearer(TOKEN) },
  bearer: { decorators: [bearerAuth({ tokens: TOKEN })], headers: bearer(TOKEN) },
  'bearer, 100 tokens': {
    decorators: [bearerAuth({ tokens: [...Array.from({ length: 99 }, (_, index) => `other${index}`), TOKEN] })],
    headers: bearer(TOKEN),
  },
  'bearer, token store': { decorators: [bearerAuth({ tokens: makeStore() })], headers: bearer(TOKEN) },
  'bearer, rate limit': {
    decorators: [bearerAuth({ tokens: TOKEN }), rateLimit({ requests: 1e9, per: 'second' })],
    headers: bearer(TOKEN),
  },
  'API key': { decorators: [apiKeyAuth({ tokens: TOKEN })], headers: { 'X-API-Key': TOKEN } },
  'basic, written out': {
    decorators: [basicAuth({ users: { bench: 'password' } })],
    headers: { Authorization: `Basic ${btoa('bench:password')}` },
  },
  'basic, scrypt': {
    decorators: [basicAuth({ users: { bench: HASHED } })],
    headers: { Authorization: `Basic ${btoa('bench:password')}` },
  },
  'body token': { decorators: [bodyTokenAuth({ tokens: TOKEN })], headers: bearer(TOKEN), body: { auth: TOKEN } },
  'any of four': {
    decorators: [
      anyOf(
        bearerAuth({ tokens: 'x' }),
        basicAuth({ users: { a: 'b' } }),
        bodyTokenAuth({ tokens: 'y' }),
        apiKeyAuth({ tokens: TOKEN }),
      ),
    ],
    headers: { 'X-API-Key': TOKEN },
  },
  'JWT, HS256': {
    decorators: [jwtAuth({ secret: SECRET, algorithms: ['HS256'], issuer: 'i', audience: 'a' })],
    headers: bearer(jwt('HS256', input => createHmac('sha256', SECRET).update(input).digest())),
  },
  'JWT, Ed25519': {
    decorators: [
      jwtAuth({
        publicKey: createPublicKey({ key: ED25519, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
        algorithms: ['Ed25519'],
        issuer: 'i',
        audience: 'a',
      }),
    ],
    headers: bearer(jwt('Ed25519', input => sign(null, input, createPrivateKey({ key: ED25519, format: 'jwk' })))),
  },
}

function bearer(token) {
  return { Authorization: `Bearer ${token}` }
}

function makeStore() {
  const stored = { id: 'b3nchm4rk0', hash: createHash('sha256').update(TOKEN).digest('hex'), scopes: [] }
  const tokens = new Map([[stored.id, stored]])
  return { find: id => tokens.get(id) }
}

function jwt(alg, seal) {
  const encode = part => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg })}.${encode({ sub: 'bench', iss: 'i', aud: 'a', exp: 9_999_999_999 })}`
  return `${input}.${seal(Buffer.from(input)).toString('base64url')}`
}
