import { describe, expect, test } from 'vitest'
import {
  allOf,
  anyOf,
  apiKeyAuth,
  auth,
  basicAuth,
  bearerAuth,
  type HeaderStrategy,
  type PayloadStrategy,
  requireScopes,
} from '../../src/auth/index.ts'
import { basic, call, outcome, serveWith } from './_fixtures.ts'

const BEARER = 'Bearer realm="predict"'
const BASIC = 'Basic realm="predict", charset="UTF-8"'
const KEY = 'ApiKey realm="predict", header="X-API-Key"'

const bearer = bearerAuth({ verify: token => (token === 'b' ? { id: 'bearer', scopes: ['read'] } : false) })
const key = apiKeyAuth({ verify: token => (token === 'k' ? { id: 'key', scopes: ['write'] } : false) })
const users = basicAuth({ users: { till: 'p' } })

const WITH = {
  bearer: { authorization: 'Bearer b' },
  badBearer: { authorization: 'Bearer x' },
  basic: { authorization: basic('till:p') },
  key: { 'x-api-key': 'k' },
  badKey: { 'x-api-key': 'x' },
}

describe('several decorators', () => {
  test.each([
    ['all', { ...WITH.bearer, ...WITH.key }, '200 bearer'],
    ['the first alone', WITH.bearer, `401 unauthorized ${BEARER},${KEY}`],
    ['the second alone', WITH.key, `401 unauthorized ${BEARER},${KEY}`],
    [
      'one of them wrong',
      { ...WITH.bearer, ...WITH.badKey },
      `401 invalid_credentials ${BEARER},${KEY}, error="invalid_token"`,
    ],
    ['none', {}, `401 unauthorized ${BEARER},${KEY}`],
  ])('are all required: %s', async (_name, headers, expected) => {
    const { app } = await serveWith(bearer, key)
    expect(await outcome(call(app, headers))).toBe(expected)
  })

  test('give the first principal the scopes of all', async () => {
    const { app } = await serveWith(bearer, key)
    const response = await call(app, { ...WITH.bearer, ...WITH.key })
    expect(await response.json()).toMatchObject({ principal: { id: 'bearer', scopes: ['read', 'write'] } })
  })
})

describe('anyOf', () => {
  test.each([
    ['the first', WITH.bearer, '200 bearer'],
    ['the second', WITH.basic, '200 till'],
    ['the third', WITH.key, '200 key'],
    ['two of them: the first says who calls', { ...WITH.key, ...WITH.bearer }, '200 bearer'],
    ['a wrong one beside a right one', { ...WITH.badBearer, ...WITH.key }, '200 key'],
    ['none: Basic is told first', {}, `401 unauthorized ${BASIC},${BEARER},${KEY}`],
    ['a wrong one', WITH.badKey, `401 invalid_credentials ${BASIC},${BEARER},${KEY}, error="invalid_token"`],
    [
      'a malformed one counts more than a wrong one',
      { authorization: 'Bearer ()', ...WITH.badKey },
      `400 malformed_credentials ${BEARER}, error="invalid_request"`,
    ],
    ['a scheme that none knows', { authorization: 'Digest x' }, `401 unauthorized ${BASIC},${BEARER},${KEY}`],
  ])('%s', async (_name, headers, expected) => {
    const { app } = await serveWith(anyOf(bearer, users, key))
    expect(await outcome(call(app, headers))).toBe(expected)
  })
})

describe('allOf inside anyOf', () => {
  test.each([
    ['both of them', { ...WITH.bearer, ...WITH.key }, '200 bearer'],
    ['the other way', WITH.basic, '200 till'],
    ['half of them', WITH.key, `401 unauthorized ${BASIC},${BEARER},${KEY}`],
  ])('%s', async (_name, headers, expected) => {
    const { app } = await serveWith(anyOf(allOf(bearer, key), users))
    expect(await outcome(call(app, headers))).toBe(expected)
  })
})

describe('requireScopes', () => {
  test.each<[string, string[], string]>([
    ['one that the principal has', ['read'], '200 bearer'],
    ['one that it has not', ['write'], `403 insufficient_scope ${BEARER}, error="insufficient_scope", scope="write"`],
    [
      'two of which it has one',
      ['read', 'write'],
      `403 insufficient_scope ${BEARER}, error="insufficient_scope", scope="read write"`,
    ],
    ['another case', ['Read'], `403 insufficient_scope ${BEARER}, error="insufficient_scope", scope="Read"`],
  ])('%s', async (_name, scopes, expected) => {
    const { app } = await serveWith(bearer, requireScopes(...scopes))
    expect(await outcome(call(app, WITH.bearer))).toBe(expected)
  })

  test('counts what all principals have together', async () => {
    const { app } = await serveWith(bearer, key, requireScopes('read'), requireScopes('write'))
    expect(await outcome(call(app, { ...WITH.bearer, ...WITH.key }))).toBe('200 bearer')
  })

  test('inside allOf it counts for that way alone', async () => {
    const { app } = await serveWith(anyOf(allOf(bearer, requireScopes('write')), users))
    expect((await call(app, WITH.bearer)).status).toBe(403)
    expect(await outcome(call(app, WITH.basic))).toBe('200 till')
  })

  test('comes after the credentials, and the log knows who was refused', async () => {
    const { app, lines } = await serveWith(requireScopes('write'), bearer)
    expect((await call(app)).status).toBe(401)
    expect((await call(app, WITH.bearer)).status).toBe(403)
    await expect.poll(() => lines.some(({ status }) => status === 403)).toBe(true)
    expect(lines.find(({ status }) => status === 403)).toMatchObject({
      status: 403,
      reason: 'insufficient_scope',
      principal: 'bearer',
    })
  })

  test('Basic has no challenge for it', async () => {
    const { app } = await serveWith(users, requireScopes('write'))
    expect(await outcome(call(app, WITH.basic))).toBe('403 insufficient_scope')
  })
})

describe('a strategy of one’s own', () => {
  const badge: HeaderStrategy = {
    name: 'badgeAuth',
    reads: 'headers',
    challenge: { scheme: 'Badge', parameters: { realm: 'gate' } },
    authenticate(headers) {
      const given = headers.get('x-badge')
      if (given === null) return { refused: 'missing' }
      return given === '7' ? { id: 'seven', scopes: ['read'] } : { refused: 'invalid' }
    },
  }

  test.each<[string, Record<string, string>, string]>([
    ['lets in', { 'x-badge': '7' }, '200 seven'],
    ['refuses', { 'x-badge': '8' }, '401 invalid_credentials Badge realm="gate", error="invalid_token"'],
    ['misses', {}, '401 unauthorized Badge realm="gate"'],
  ])('%s', async (_name, headers, expected) => {
    const { app } = await serveWith(auth(badge))
    expect(await outcome(call(app, headers))).toBe(expected)
  })

  test('reads a member of the payload', async () => {
    const pin: PayloadStrategy = {
      name: 'pinAuth',
      reads: 'payload',
      member: 'pin',
      challenge: { scheme: 'Pin' },
      authenticate: credentials => (credentials === '1234' ? { id: 'pin' } : { refused: 'invalid' }),
    }
    const { app } = await serveWith(auth(pin))
    expect(await (await call(app, {}, { pin: '1234', a: 1 })).json()).toEqual({
      payload: { a: 1 },
      principal: { id: 'pin' },
    })
    expect(await outcome(call(app, {}, { pin: '1' }))).toBe('401 invalid_credentials Pin error="invalid_token"')
    expect(await outcome(call(app, {}, {}))).toBe('401 unauthorized Pin')
  })

  test('stands in anyOf as it is', async () => {
    const { app } = await serveWith(anyOf(badge, bearer))
    expect(await outcome(call(app, { 'x-badge': '7' }))).toBe('200 seven')
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['true', true],
    ['an empty object', {}],
    ['a promise of undefined', Promise.resolve()],
  ])('that answers with %s is a 500', async (_name, answer) => {
    const { app } = await serveWith(auth({ ...badge, authenticate: () => answer as never }))
    expect(await outcome(call(app, { 'x-badge': '7' }))).toBe('500 auth_failed')
  })

  test('that throws where another would have let in is a 500 all the same', async () => {
    const broken: HeaderStrategy = {
      ...badge,
      authenticate() {
        throw new Error('broken')
      },
    }
    const { app } = await serveWith(anyOf(broken, bearer))
    expect(await outcome(call(app, WITH.bearer))).toBe('500 auth_failed')
  })
})
