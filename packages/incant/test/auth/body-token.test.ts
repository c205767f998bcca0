import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { anyOf, bearerAuth, bodyTokenAuth } from '../../src/auth/index.ts'
import { signatureOf } from '../app/_serving.ts'
import { call, outcome, protect, serveClass, serveWith, startupError, WITH_CONTEXT } from './_fixtures.ts'

const CHALLENGE = 'BodyToken realm="predict", member="auth"'
const MISSING = `401 unauthorized ${CHALLENGE}`
const INVALID = `401 invalid_credentials ${CHALLENGE}, error="invalid_token"`

describe('@bodyTokenAuth', () => {
  test('takes the token out before predict sees the payload', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'example-token' }))
    const response = await call(app, {}, { data: [1], auth: 'example-token' })
    expect(await response.json()).toEqual({ payload: { data: [1] }, principal: { id: 'token-1' } })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('takes it out before the payload is validated, whatever else the type forbids', async () => {
    const schema = { type: 'object', properties: { data: { type: 'number' } }, additionalProperties: false } as const
    const signature = signatureOf({ role: 'payload', schema }, { role: 'context' })
    const { app } = await serveClass(protect(bodyTokenAuth({ tokens: 'a' })), { signature })
    expect(await outcome(call(app, {}, { data: 1, auth: 'a' }))).toBe('200 token-1')
    expect((await call(app, {}, { data: 'x', auth: 'a' })).status).toBe(422)
    expect(await outcome(call(app, {}, { data: 'x', auth: 'b' }))).toBe(INVALID)
    expect(await outcome(call(app, {}, { data: 'x' }))).toBe(MISSING)
  })

  test.each<[string, unknown, string]>([
    ['a wrong token', { auth: 'exampletoken' }, INVALID],
    ['no member', {}, MISSING],
    ['null', { auth: null }, MISSING],
    ['a number', { auth: 1 }, MISSING],
    ['a list that holds the token', { auth: ['example-token'] }, MISSING],
    ['an object that holds the token', { auth: { token: 'example-token' } }, MISSING],
    ['an empty text', { auth: '' }, INVALID],
    ['a newline behind it', { auth: 'example-token\n' }, INVALID],
    ['another case of the member', { Auth: 'example-token' }, MISSING],
    ['deeper inside', { data: { auth: 'example-token' } }, MISSING],
    ['a payload that is null', null, MISSING],
    ['a payload that is a number', 5, MISSING],
    ['a payload that is the token', 'example-token', MISSING],
    ['a payload that is a list', ['example-token'], MISSING],
    ['a payload that is a list of objects', [{ auth: 'example-token' }], MISSING],
    ['a token of 5 KiB', { auth: 'a'.repeat(5000) }, INVALID],
  ])('%s', async (_name, payload, expected) => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'example-token' }))
    expect(await outcome(call(app, {}, payload))).toBe(expected)
  })

  test('an inherited member is none', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'toString', member: 'toString' }))
    expect(await outcome(call(app, {}, {}))).toBe('401 unauthorized BodyToken realm="predict", member="toString"')
  })

  test('no body where the payload is optional lets nobody in', async () => {
    const signature = signatureOf({ role: 'payload', optional: true }, { role: 'context' })
    const { app } = await serveClass(protect(bodyTokenAuth({ tokens: 'a' })), { signature })
    expect(await outcome(app.request('/predict', { method: 'POST' }))).toBe(MISSING)
    expect(await outcome(call(app, {}, { auth: 'a' }))).toBe('200 token-1')
  })

  test('what comes before it in the order of decisions stays before it', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'a' }))
    const send = (body: string, headers = {}) => app.request('/predict', { method: 'POST', body, headers })
    expect((await send('{"auth":')).status).toBe(400)
    expect((await send('{"auth":"b"}', { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await send('{"auth":"b"}')).status).toBe(401)
  })

  test('a header does not do', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'a' }))
    expect(await outcome(call(app, { authorization: 'Bearer a', auth: 'a' }))).toBe(MISSING)
  })

  test('verify may take its time', async () => {
    const verify = async (token: string) => (token === 'a' ? { id: 'till' } : false)
    const { app } = await serveWith(bodyTokenAuth({ verify }))
    expect(await outcome(call(app, {}, { auth: 'a' }))).toBe('200 till')
    expect(await outcome(call(app, {}, { auth: 'b' }))).toBe(INVALID)
  })
})

describe('beside a header', () => {
  const either = () => anyOf(bearerAuth({ tokens: 'h' }), bodyTokenAuth({ tokens: 'b' }))
  const both = 'Bearer realm="predict"'

  test.each<[string, Record<string, string>, object, string]>([
    ['the header', { authorization: 'Bearer h' }, {}, '200 token-1'],
    ['the body', {}, { auth: 'b' }, '200 token-1'],
    ['neither', {}, {}, `401 unauthorized ${both},${CHALLENGE}`],
    [
      'both, which RFC 6750 §2 forbids',
      { authorization: 'Bearer h' },
      { auth: 'b' },
      `400 malformed_credentials ${CHALLENGE}, error="invalid_request"`,
    ],
    [
      'a wrong header, whatever the body holds',
      { authorization: 'Bearer x' },
      { auth: 'b' },
      `401 invalid_credentials ${both}, error="invalid_token",${CHALLENGE}`,
    ],
    ['a wrong body', {}, { auth: 'x' }, `401 invalid_credentials ${both},${CHALLENGE}, error="invalid_token"`],
  ])('%s', async (_name, headers, payload, expected) => {
    const { app } = await serveWith(either())
    expect(await outcome(call(app, headers, payload))).toBe(expected)
  })

  test('all of them: the header is asked before the body is read', async () => {
    const { app } = await serveWith(bodyTokenAuth({ tokens: 'b' }), bearerAuth({ tokens: 'h' }))
    const unread = new ReadableStream(
      {
        pull() {
          throw new Error('The body was read.')
        },
      },
      { highWaterMark: 0 },
    )
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: unread, duplex: 'half' }
    expect((await app.request('/predict', init)).status).toBe(401)
    expect(await outcome(call(app, { authorization: 'Bearer h' }, { auth: 'b' }))).toBe('200 token-1')
    expect((await call(app, { authorization: 'Bearer h' }, {})).status).toBe(401)
  })
})

describe('what it cannot protect does not start', () => {
  const start = (signature: ReturnType<typeof signatureOf>) =>
    startupError(() => createApp(protect(bodyTokenAuth({ tokens: 'a' })), { signature }))

  test.each<[string, ReturnType<typeof signatureOf>, RegExp]>([
    ['a raw request', signatureOf({ role: 'request' }), /takes the raw Request, where the token would remain visible/],
    ['payload and request', signatureOf({ role: 'payload' }, { role: 'request' }), /takes the raw Request/],
    ['bytes', signatureOf({ role: 'bytes' }), /takes the body as bytes/],
    ['a form', signatureOf({ role: 'form' }), /takes the body as form/],
    ['a stream', signatureOf({ role: 'stream' }), /takes the body as stream/],
    ['no body', signatureOf({ role: 'context' }), /takes nothing of the body/],
  ])('%s', (_name, signature, found) => {
    const error = start(signature)
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toMatch(found)
    expect(error.instead).toContain('bearerAuth')
  })

  test.each([
    ['of the payload', { schema: { type: 'object', properties: { auth: { type: 'string' } } } }],
    ['of a type the payload names', { schema: { $ref: '#/$defs/Payload' } }],
    ['of one of several types', { schema: { $ref: '#/$defs/Either' } }],
  ] as const)('a member auth %s', (_name, parameter) => {
    const definitions = {
      Payload: { type: 'object', properties: { auth: { type: 'string' } } },
      Either: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/Payload' }] },
    } as const
    const error = start({ ...signatureOf(parameter), definitions })
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toBe(
      'the payload of Predictor.predict has the member "auth", which is removed as the credential before predict is called',
    )
  })

  test('with another member, it starts', async () => {
    const { app } = await serveClass(protect(bodyTokenAuth({ tokens: 'a', member: 'token' })), {
      signature: WITH_CONTEXT,
    })
    expect(await (await call(app, {}, { token: 'a', auth: 'mine' })).json()).toMatchObject({
      payload: { auth: 'mine' },
    })
  })
})
