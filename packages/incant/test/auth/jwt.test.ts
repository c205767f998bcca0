import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type JWTAuthOptions, type JWTClaims, jwtAuth } from '../../src/auth/index.ts'
import { call, outcome, serveWith } from './_fixtures.ts'

const SECRET = 'a secret of thirty-two bytes or more'
const INVALID = '401 invalid_credentials Bearer realm="predict", error="invalid_token"'
const HMAC: JWTAuthOptions = { secret: SECRET, algorithms: ['HS256'], issuer: 'issuer', audience: 'predictor' }

const now = () => Math.floor(Date.now() / 1000)
const claims = () => ({ sub: 'till', iss: 'issuer', aud: 'predictor', exp: now() + 60 })

/** A token made by hand: what a library would not let anybody make is what must be refused. */
function makeToken(header: object, payload: object | string, seal: (input: string) => Buffer): string {
  const encode = (part: object | string) =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${seal(input).toString('base64url')}`
}

function hmac(secret: string, hash = 'sha256'): (input: string) => Buffer {
  return input => createHmac(hash, secret).update(input).digest()
}

function hs256(payload: object | string, header: object = { alg: 'HS256' }, secret: string = SECRET): string {
  return makeToken(header, payload, hmac(secret))
}

async function send(options: JWTAuthOptions, token: string): Promise<string> {
  const { app } = await serveWith(jwtAuth(options))
  return outcome(call(app, { authorization: `Bearer ${token}` }))
}

describe('claims', () => {
  test.each<[string, () => object | string, string]>([
    ['all that is needed', claims, '200 till'],
    ['one audience among several', () => ({ ...claims(), aud: ['other', 'predictor'] }), '200 till'],
    ['a type', () => ({ ...claims(), typ: 'x' }), '200 till'],
    ['no exp', () => ({ ...claims(), exp: undefined }), INVALID],
    ['an exp in the past', () => ({ ...claims(), exp: now() - 6 }), INVALID],
    ['an exp that clocks may differ by', () => ({ ...claims(), exp: now() - 2 }), '200 till'],
    ['an exp that is a text', () => ({ ...claims(), exp: String(now() + 60) }), INVALID],
    ['an exp that is null', () => ({ ...claims(), exp: null }), INVALID],
    ['no aud', () => ({ ...claims(), aud: undefined }), INVALID],
    ['another aud', () => ({ ...claims(), aud: 'other' }), INVALID],
    ['a longer aud', () => ({ ...claims(), aud: 'predictor2' }), INVALID],
    ['an empty list of aud', () => ({ ...claims(), aud: [] }), INVALID],
    ['no iss', () => ({ ...claims(), iss: undefined }), INVALID],
    ['another iss', () => ({ ...claims(), iss: 'issuer/' }), INVALID],
    ['an iss that is a list', () => ({ ...claims(), iss: ['issuer'] }), INVALID],
    ['an nbf in the future', () => ({ ...claims(), nbf: now() + 60 }), INVALID],
    ['an nbf in the past', () => ({ ...claims(), nbf: now() - 60 }), '200 till'],
    ['no sub', () => ({ ...claims(), sub: undefined }), INVALID],
    ['an empty sub', () => ({ ...claims(), sub: '' }), INVALID],
    ['a sub that is no text', () => ({ ...claims(), sub: 5 }), INVALID],
    ['a payload that is no object', () => '"text"', INVALID],
    ['a payload that is no JSON', () => '{', INVALID],
  ])('%s', async (_name, payload, expected) => {
    expect(await send(HMAC, hs256(payload()))).toBe(expected)
  })

  test.each([
    ['scope', { scope: 'read predict' }],
    ['scp, a list', { scp: ['read', 'predict', 5] }],
    ['scp, a text', { scp: 'read predict' }],
  ])('%s become scopes', async (_name, more) => {
    const { app } = await serveWith(jwtAuth(HMAC))
    const response = await call(app, { authorization: `Bearer ${hs256({ ...claims(), ...more })}` })
    expect(await response.json()).toMatchObject({ principal: { id: 'till', scopes: ['read', 'predict'] } })
  })

  test('what is not asked for has to be turned off by name', async () => {
    const lax = { ...HMAC, issuer: false, audience: false, requireExpiration: false } as const
    expect(await send(lax, hs256({ sub: 'till' }))).toBe('200 till')
    expect(await send(lax, hs256({ sub: 'till', exp: now() - 60 }))).toBe(INVALID)
  })

  test('verify looks at them and says who calls', async () => {
    const verify = (claims: JWTClaims) => (claims['tenant'] === 'a' ? { id: 'tenant a' } : false)
    expect(await send({ ...HMAC, verify }, hs256({ ...claims(), tenant: 'a' }))).toBe('200 tenant a')
    expect(await send({ ...HMAC, verify }, hs256({ ...claims(), tenant: 'b' }))).toBe(INVALID)
  })
})

describe('what is no token of ours', () => {
  const none = (header: object) => makeToken(header, claims(), () => Buffer.alloc(0))

  test.each<[string, () => string, string?]>([
    ['none', () => none({ alg: 'none' })],
    ['None', () => none({ alg: 'None' })],
    ['no algorithm', () => none({})],
    ['none, and a signature', () => hs256(claims(), { alg: 'none' })],
    ['an algorithm that is a list', () => hs256(claims(), { alg: ['HS256'] })],
    ['another HMAC', () => makeToken({ alg: 'HS512' }, claims(), hmac(SECRET, 'sha512'))],
    ['another secret', () => hs256(claims(), { alg: 'HS256' }, `${SECRET}!`)],
    ['no signature', () => `${hs256(claims()).split('.').slice(0, 2).join('.')}.`],
    ['two parts', () => hs256(claims()).split('.').slice(0, 2).join('.')],
    ['four parts', () => `${hs256(claims())}.x`],
    ['five parts, as an encrypted one has', () => `${hs256(claims())}.x.x`],
    ['another payload under the same signature', () => swapPayload(hs256(claims()), { ...claims(), sub: 'root' })],
    ['a critical extension that is not understood', () => hs256(claims(), { alg: 'HS256', crit: ['x'], x: 1 })],
    ['crit that is empty', () => hs256(claims(), { alg: 'HS256', crit: [] })],
    ['crit that names itself not', () => hs256(claims(), { alg: 'HS256', crit: ['exp'] })],
    ['a payload that is not encoded', () => hs256(claims(), { alg: 'HS256', b64: false, crit: ['b64'] })],
    ['a header that is no object', () => makeToken([], claims(), hmac(SECRET))],
    ['dots', () => '..'],
    ['one word', () => 'token'],
    ['characters of plain base64', () => hs256(claims()).replace('.', '+.')],
  ])('%s', async (_name, token) => {
    expect(await send(HMAC, token())).toBe(INVALID)
  })

  test('more than 8 KiB is malformed', async () => {
    expect(await send(HMAC, hs256({ ...claims(), x: 'x'.repeat(8192) }))).toMatch(/^400 malformed_credentials/)
  })

  test('jku, x5u, jwk and kid lead nowhere', async () => {
    const { url, asked } = await publishKeys({ keys: [] })
    const header = { alg: 'HS256', jku: url, x5u: url, kid: '../../dev/null', jwk: { kty: 'oct', k: 'AAAA' } }
    expect(await send(HMAC, hs256(claims(), header))).toBe('200 till')
    expect(await send(HMAC, hs256(claims(), header, '\0\0\0'))).toBe(INVALID)
    expect(asked()).toBe(0)
  })

  test('neither it nor its claims are in the answer or the log', async () => {
    const { app, lines } = await serveWith(jwtAuth(HMAC))
    const token = hs256({ ...claims(), exp: 1, canary: 'canary-claim' })
    const response = await call(app, { authorization: `Bearer ${token}` })
    const said = JSON.stringify([await response.text(), [...response.headers], lines])
    for (const part of [...token.split('.'), 'canary-claim']) expect(said).not.toContain(part)
  })
})

describe('public keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }))
  const rs256 = (key: KeyObject, header: object = {}) =>
    makeToken({ alg: 'RS256', ...header }, claims(), input => sign('sha256', Buffer.from(input), key))
  const es256 = (key: KeyObject) =>
    makeToken({ alg: 'ES256' }, claims(), input =>
      sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
    )
  const options: JWTAuthOptions = {
    publicKey: [pem(rsa.publicKey), pem(ec.publicKey)],
    algorithms: ['RS256', 'ES256'],
    issuer: 'issuer',
    audience: 'predictor',
  }

  test.each<[string, () => string, string]>([
    ['RS256', () => rs256(rsa.privateKey), '200 till'],
    ['ES256, the second key', () => es256(ec.privateKey), '200 till'],
    ['another key', () => rs256(other.privateKey), INVALID],
    [
      'the public key as the secret of an HMAC',
      () => makeToken({ alg: 'HS256' }, claims(), hmac(pem(rsa.publicKey))),
      INVALID,
    ],
    [
      'its own key in the header',
      () => rs256(other.privateKey, { jwk: other.publicKey.export({ format: 'jwk' }) }),
      INVALID,
    ],
    [
      'an algorithm that the key could do and the options do not name',
      () => makeToken({ alg: 'RS512' }, claims(), input => sign('sha512', Buffer.from(input), rsa.privateKey)),
      INVALID,
    ],
    ['ES256 of all zeros', () => makeToken({ alg: 'ES256' }, claims(), () => Buffer.alloc(64)), INVALID],
  ])('%s', async (_name, token, expected) => {
    expect(await send(options, token())).toBe(expected)
  })

  describe('that the issuer publishes', () => {
    const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' })
    const remote = (jwks: string): JWTAuthOptions => ({
      jwks,
      algorithms: ['RS256'],
      issuer: 'issuer',
      audience: 'predictor',
    })

    test('are there before the server is ready', async () => {
      const { url, asked } = await publishKeys({ keys: [jwk(rsa.publicKey, 'a')] })
      const { app, lines } = await serveWith(jwtAuth(remote(url)))
      expect(asked()).toBe(1)
      expect(lines.filter(({ level }) => level !== 'info')).toEqual([])
      const authorization = `Bearer ${rs256(rsa.privateKey, { kid: 'a' })}`
      expect([await outcome(call(app, { authorization })), asked()]).toEqual(['200 till', 1])
    })

    test('keep no server from starting that has to do without them', async () => {
      const issuer = await publishKeys({ keys: [jwk(rsa.publicKey, 'a')] }, 500)
      const { app, lines } = await serveWith(jwtAuth(remote(issuer.url)))
      expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
        { message: 'credentials cannot be verified yet: each call tries again', strategy: 'jwtAuth' },
      ])
      issuer.fail(200)
      const authorization = `Bearer ${rs256(rsa.privateKey, { kid: 'a' })}`
      expect(await outcome(call(app, { authorization }))).toBe('200 till')
    })

    test('are fetched once', async () => {
      const { url, asked } = await publishKeys({ keys: [jwk(rsa.publicKey, 'a'), jwk(other.publicKey, 'b')] })
      const { app } = await serveWith(jwtAuth(remote(url)))
      const ask = (token: string) => outcome(call(app, { authorization: `Bearer ${token}` }))
      const all = [
        rs256(rsa.privateKey, { kid: 'a' }),
        rs256(other.privateKey, { kid: 'b' }),
        rs256(other.privateKey, { kid: 'a' }),
        rs256(rsa.privateKey, { kid: 'c' }),
        makeToken({ alg: 'HS256', kid: 'a' }, claims(), hmac(pem(rsa.publicKey))),
      ]
      const answers: string[] = []
      for (const token of all) answers.push(await ask(token))
      expect(answers).toEqual(['200 till', '200 till', INVALID, INVALID, INVALID])
      expect(asked()).toBe(1)
    })

    test.each<[string, unknown, number]>([
      ['an error', { keys: [] }, 500],
      ['no key set', { no: 'keys' }, 200],
      ['a redirect, which is not followed', { keys: [] }, 302],
    ])('where they cannot be had (%s), it is a 503 and no fault of the token', async (_name, body, status) => {
      const { url } = await publishKeys(body, status)
      expect(await send(remote(url), rs256(rsa.privateKey, { kid: 'a' }))).toBe('503 auth_unavailable')
    })

    afterEach(() => {
      vi.useRealTimers()
    })

    describe('and that cannot be fetched again', () => {
      const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000)
      const rs256Now = (kid: string) => rs256(rsa.privateKey, { kid })
      test('stay good for an hour', async () => {
        vi.useFakeTimers({ toFake: ['Date', 'performance'] })
        const issuer = await publishKeys({ keys: [jwk(rsa.publicKey, 'a')] })
        const { app, lines } = await serveWith(jwtAuth(remote(issuer.url)))
        const ask = (kid: string) => outcome(call(app, { authorization: `Bearer ${rs256Now(kid)}` }))
        expect(await ask('a')).toBe('200 till')
        issuer.fail(500)
        minutes(11)
        expect([await ask('a'), await ask('a')]).toEqual(['200 till', '200 till'])
        // Once for the outage: nobody waits for an issuer that does not answer.
        expect(issuer.asked()).toBe(2)
        expect(lines.filter(({ message }) => message.includes('cannot refresh'))).toMatchObject([
          { level: 'warn', strategy: 'jwtAuth' },
        ])
        minutes(48)
        expect(await ask('a')).toBe('200 till')
        minutes(2)
        expect(await ask('a')).toBe('503 auth_unavailable')
        issuer.fail(200)
        expect(await ask('a')).toBe('200 till')
      })

      test('and a key that may be new is no fault of the token', async () => {
        vi.useFakeTimers({ toFake: ['Date', 'performance'] })
        const issuer = await publishKeys({ keys: [jwk(rsa.publicKey, 'a')] })
        const { app } = await serveWith(jwtAuth(remote(issuer.url)))
        const ask = (kid: string) => outcome(call(app, { authorization: `Bearer ${rs256Now(kid)}` }))
        expect(await ask('a')).toBe('200 till')
        issuer.fail(500)
        minutes(1)
        expect(await ask('b')).toBe('503 auth_unavailable')
        minutes(10)
        expect([await ask('b'), await ask('a'), await ask('b')]).toEqual([
          '503 auth_unavailable',
          '200 till',
          '503 auth_unavailable',
        ])
      })
    })

    test('a date that is set back by an hour keeps no new key out', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] })
      const keys = [jwk(rsa.publicKey, 'a')]
      const issuer = await publishKeys({ keys })
      const { app } = await serveWith(jwtAuth(remote(issuer.url)))
      const ask = (kid: string) => outcome(call(app, { authorization: `Bearer ${rs256(rsa.privateKey, { kid })}` }))
      expect(await ask('a')).toBe('200 till')
      vi.advanceTimersByTime(60_000)
      vi.setSystemTime(Date.now() - 3_600_000)
      keys.push(jwk(rsa.publicKey, 'b'))
      expect([await ask('a'), await ask('b'), issuer.asked()]).toEqual(['200 till', '200 till', 2])
    })

    test('where nobody listens, too, and the log says so', async () => {
      const { app, lines } = await serveWith(jwtAuth(remote('http://127.0.0.1:1/')))
      const authorization = `Bearer ${rs256(rsa.privateKey, { kid: 'a' })}`
      expect(await outcome(call(app, { authorization }))).toBe('503 auth_unavailable')
      expect(lines.find(({ level }) => level === 'error')).toMatchObject({
        message: 'a strategy failed to authenticate',
        strategy: 'jwtAuth',
        reason: 'auth_unavailable',
        error: { name: 'TypeError' },
      })
    })
  })
})

function swapPayload(token: string, payload: object): string {
  const [header, , signature] = token.split('.')
  return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.')
}

/** An issuer's server, for as long as the test. */
async function publishKeys(body: unknown, first = 200) {
  let asked = 0
  let status = first
  const server = createServer((_request, response) => {
    asked += 1
    response.writeHead(status, { 'Content-Type': 'application/json', Location: '/elsewhere' })
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.')
  const fail = (next: number) => {
    status = next
  }
  return { url: `http://127.0.0.1:${address.port}/jwks`, asked: () => asked, fail }
}
