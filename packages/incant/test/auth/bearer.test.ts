import { describe, expect, test } from 'vitest'
import { apiKeyAuth, bearerAuth } from '../../src/auth/index.ts'
import { basic, call, outcome, protect, serveClass, serveWith } from './_fixtures.ts'

const GOOD = 'mF_9.B5f-4.1JqM'
const MISSING = '401 unauthorized Bearer realm="predict"'
const INVALID = '401 invalid_credentials Bearer realm="predict", error="invalid_token"'
const MALFORMED = '400 malformed_credentials Bearer realm="predict", error="invalid_request"'

describe('@bearerAuth', () => {
  test.each([
    ['the example of RFC 6750 §2.1', `Bearer ${GOOD}`, '200 token-1'],
    ['a second token', 'Bearer second+/~==', '200 token-2'],
    ['the scheme in any case (RFC 9110 §11.1)', `bEARER ${GOOD}`, '200 token-1'],
    ['several spaces', `Bearer    ${GOOD}`, '200 token-1'],
    ['an unknown token', 'Bearer mF_9.B5f-4.1JqN', INVALID],
    ['the beginning of a token', `Bearer ${GOOD.slice(0, -1)}`, INVALID],
    ['a token and more', `Bearer ${GOOD}a`, INVALID],
    ['another case', `Bearer ${GOOD.toLowerCase()}`, INVALID],
    ['another scheme', basic(`a:${GOOD}`), MISSING],
    ['a scheme that begins alike', `Bearerx ${GOOD}`, MISSING],
    ['the token alone', GOOD, MISSING],
    ['no token', 'Bearer', MALFORMED],
    ['an empty token', 'Bearer ""', MALFORMED],
    ['a tab for the space', `Bearer\t${GOOD}`, MALFORMED],
    ['two tokens', `Bearer ${GOOD} ${GOOD}`, MALFORMED],
    ['a comma', `Bearer ${GOOD},${GOOD}`, MALFORMED],
    ['a parameter', `Bearer token="${GOOD}"`, MALFORMED],
    ['padding in the middle', 'Bearer a=b', MALFORMED],
    ['a letter beyond ASCII', 'Bearer tökén', MALFORMED],
    ['4 KiB', `Bearer ${'a'.repeat(4096)}`, INVALID],
    ['a byte more', `Bearer ${'a'.repeat(4097)}`, MALFORMED],
  ])('%s', async (_name, authorization, expected) => {
    const { app } = await serveWith(bearerAuth({ tokens: [GOOD, 'second+/~=='] }))
    expect(await outcome(call(app, { authorization }))).toBe(expected)
  })

  test('without a header the challenge names no error (RFC 6750 §3.1)', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
    expect(await outcome(call(app))).toBe(MISSING)
  })

  test('two Authorization lines are malformed', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
    const headers = new Headers({ authorization: `Bearer ${GOOD}` })
    headers.append('authorization', `Bearer ${GOOD}`)
    expect(await outcome(call(app, headers))).toBe(MALFORMED)
  })

  test.each(['access_token', 'token', 'authorization', 'Authorization'])(
    '%s in the query lets nobody in',
    async name => {
      const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
      const response = await app.request(`/predict?${name}=${GOOD}`, { method: 'POST', body: '{}' })
      expect(await outcome(response)).toBe(MISSING)
    },
  )

  test('a token in the body of a form lets nobody in', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
    const body = new URLSearchParams({ access_token: GOOD })
    expect(await outcome(await app.request('/predict', { method: 'POST', body }))).toBe(MISSING)
  })

  test.each(['Proxy-Authorization', 'X-Authorization', 'X-Forwarded-Authorization', 'Authentication', 'Cookie'])(
    '%s lets nobody in',
    async name => {
      const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
      expect(await outcome(call(app, { [name]: `Bearer ${GOOD}` }))).toBe(MISSING)
    },
  )

  test('the realm is quoted as RFC 9110 §5.6.4 has it', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: GOOD, realm: 'a "b" \\c' }))
    expect(await outcome(call(app))).toBe('401 unauthorized Bearer realm="a \\"b\\" \\\\c"')
  })

  test('an answer to who is authenticated is not stored, and one to nobody is not either', async () => {
    const { app } = await serveWith(bearerAuth({ tokens: GOOD }))
    expect((await call(app, { authorization: `Bearer ${GOOD}` })).headers.get('cache-control')).toBe('no-store')
    expect((await call(app)).headers.get('cache-control')).toBe('no-store')
  })

  test('the log shows the id, and why a caller was refused', async () => {
    const { app, lines } = await serveWith(bearerAuth({ tokens: GOOD }))
    await call(app, { authorization: `Bearer ${GOOD}` })
    await call(app, { authorization: 'Bearer wrong' })
    await expect.poll(() => lines.filter(({ message }) => message === 'request').length).toBe(2)
    expect(lines.filter(({ message }) => message === 'request')).toMatchObject([
      { status: 200, principal: 'token-1' },
      { status: 401, principal: undefined, reason: 'invalid_credentials' },
    ])
  })
})

describe('verify', () => {
  test.each<[string, unknown, string]>([
    ['true', true, '200 verify'],
    ['a principal', { id: 'till' }, '200 till'],
    ['a promise of one', Promise.resolve({ id: 'till', scopes: ['a'] }), '200 till'],
    ['false', false, INVALID],
    ['undefined', undefined, INVALID],
    ['null', null, INVALID],
    ['the text "false"', 'false', '500 auth_failed'],
    ['the text "true"', 'true', '500 auth_failed'],
    ['1', 1, '500 auth_failed'],
    ['a truthy array', [], '500 auth_failed'],
    ['an object without an id', {}, '500 auth_failed'],
    ['an id that is no text', { id: 1 }, '500 auth_failed'],
    ['an empty id', { id: '' }, '500 auth_failed'],
    ['scopes that are no list', { id: 'a', scopes: 'predict' }, '500 auth_failed'],
    ['a refusal that is none', { refused: 'no', id: 'a' }, '500 auth_failed'],
    ['an object with getters that throw', Object.defineProperty({}, 'id', { get: () => boom() }), '500 auth_failed'],
  ])('%s', async (_name, answer, expected) => {
    // What a check in JavaScript may give back.
    const { app } = await serveWith(bearerAuth({ verify: () => answer as never }))
    expect(await outcome(call(app, { authorization: 'Bearer x' }))).toBe(expected)
  })

  test('a throw is a 500, and its message stays out of log and answer', async () => {
    const { app, lines } = await serveWith(
      bearerAuth({
        verify(token) {
          throw new Error(`no such key: ${token}`)
        },
      }),
    )
    const response = await call(app, { authorization: 'Bearer canary-token' })
    expect(await outcome(response)).toBe('500 auth_failed')
    const line = lines.find(({ level }) => level === 'error')
    expect(line).toMatchObject({ message: 'a strategy failed to authenticate', strategy: 'bearerAuth' })
    expect(line?.['error']).toMatchObject({ name: 'Error', stack: expect.stringContaining('bearer.test.ts') })
    expect(JSON.stringify(lines)).not.toContain('canary')
  })

  test('one that hangs is a 503 with Retry-After', async () => {
    const { app } = await serveWithTimeout(30)
    const response = await call(app, { authorization: 'Bearer x' })
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await outcome(response)).toBe('503 auth_unavailable')
  })
})

test('two realms of one scheme are told in two challenges', async () => {
  const { app } = await serveWith(bearerAuth({ tokens: 'a', realm: 'one' }), apiKeyAuth({ tokens: 'b', realm: 'two' }))
  expect(await outcome(call(app))).toBe('401 unauthorized Bearer realm="one",ApiKey realm="two", header="X-API-Key"')
})

function boom(): never {
  throw new Error('boom')
}

function serveWithTimeout(authTimeout: number) {
  return serveClass(protect(bearerAuth({ verify: () => new Promise(() => {}) })), { authTimeout })
}
