import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { AuthDecorator } from '../../src/auth/policy/decorator.ts'
import { apiKeyAuth } from '../../src/auth/strategies/api-key.ts'
import { basicAuth } from '../../src/auth/strategies/basic.ts'
import { bearerAuth } from '../../src/auth/strategies/bearer.ts'
import { bodyTokenAuth } from '../../src/auth/strategies/body-token.ts'
import { AuthenticationError, type ClientAuth, ModelClient } from '../../src/client/index.ts'
import { Echo, served } from '../node/_served.ts'
import { closedPort, failureOf, rawServer, reply, replyJSON, replyProblem } from './_raw-server.ts'

function guarded(...decorators: readonly AuthDecorator[]): typeof Echo {
  class Guarded extends Echo {}
  for (const decorator of decorators) decorator(Guarded)
  return Guarded
}

const TOKEN = 'a-token-of-thirty-two-characters'

describe('each way to authenticate, against a server that asks for it', () => {
  test.each<[string, readonly AuthDecorator[], ClientAuth | readonly ClientAuth[]]>([
    ['bearer', [bearerAuth({ tokens: [TOKEN] })], { bearer: TOKEN }],
    ['bearer from a function', [bearerAuth({ tokens: [TOKEN] })], { bearer: async () => TOKEN }],
    ['basic', [basicAuth({ users: { jörg: 'pä:ss wörd' } })], { basic: { name: 'jörg', password: 'pä:ss wörd' } }],
    ['basic with a bare token', [basicAuth({ tokenOnly: true, tokens: [TOKEN] })], { basic: { token: TOKEN } }],
    ['an API key', [apiKeyAuth({ tokens: [TOKEN] })], { apiKey: TOKEN }],
    [
      'an API key in a header of its own',
      [apiKeyAuth({ header: 'X-Key', tokens: [TOKEN] })],
      { apiKey: TOKEN, header: 'X-Key' },
    ],
    ['a body token', [bodyTokenAuth({ tokens: [TOKEN] })], { bodyToken: TOKEN }],
    [
      'a body token under a name',
      [bodyTokenAuth({ member: 'key', tokens: [TOKEN] })],
      { bodyToken: TOKEN, member: 'key' },
    ],
    [
      'several',
      [bearerAuth({ tokens: [TOKEN] }), apiKeyAuth({ tokens: ['another-token-of-some-characters'] })],
      [{ bearer: TOKEN }, { apiKey: 'another-token-of-some-characters' }],
    ],
  ])('%s', async (_name, decorators, auth) => {
    const { server } = await served(guarded(...decorators))
    expect(await new ModelClient<typeof Echo>(server.url, { auth }).predict({ a: 1 })).toEqual({ got: { a: 1 } })
    const failure = await failureOf(new ModelClient<typeof Echo>(server.url).predict({ a: 1 }))
    expect(failure).toBeInstanceOf(AuthenticationError)
    expect(failure).toMatchObject({
      status: 401,
      code: 'unauthorized',
      message: expect.stringMatching(/^401 unauthorized: /),
    })
  })
})

test('a token is asked for before each attempt', async () => {
  const tokens = ['first', 'second']
  const server = await rawServer(replyProblem(503, 'queue_full', { 'Retry-After': '0' }), replyJSON(1))
  const model = new ModelClient(server.url, { auth: { bearer: () => tokens.shift() ?? '' }, retry: { delay: 1 } })
  expect(await model.predict({})).toBe(1)
  expect(server.requests.map(request => /^authorization: (.*)\r$/im.exec(request)?.[1])).toEqual([
    'Bearer first',
    'Bearer second',
  ])
})

test('a body token stands in JSON beside the payload, whatever that is', async () => {
  const server = await rawServer(replyJSON(1))
  const model = new ModelClient(server.url, { auth: { bodyToken: 'a"b' } })
  for (const payload of [undefined, {}, { a: 1 }, { big: 1n }]) await model.predict(payload)
  expect(server.requests.map(request => request.split('\r\n\r\n')[1])).toEqual([
    '{"auth":"a\\"b"}',
    '{"auth":"a\\"b"}',
    '{"auth":"a\\"b","a":1}',
    '{"auth":"a\\"b","big":"1"}',
  ])
})

describe('what cannot be sent is a TypeError without the secret', () => {
  test.each<[string, ClientAuth, unknown, string]>([
    ['a line end', { bearer: 'can\nary' }, {}, 'The header "Authorization" has characters that HTTP cannot carry.'],
    ['beyond Latin-1', { apiKey: 'canary✓' }, {}, 'The header "X-API-Key" has characters that HTTP cannot carry.'],
    [
      'a header that is none',
      { apiKey: 'canary', header: 'a b' },
      {},
      'The header "a b" has characters that HTTP cannot carry.',
    ],
    ['nothing', { bearer: '' }, {}, 'auth.bearer is empty: it must be a text, or a function that gives one.'],
    [
      'undefined',
      { basic: { name: 'a', password: () => Reflect.get({}, 'unset') } },
      {},
      'auth.basic.password is of type undefined: it must be a text, or a function that gives one.',
    ],
    [
      'a colon in a name',
      { basic: { name: 'a:canary', password: 'b' } },
      {},
      'auth.basic.name has a colon, which HTTP Basic cannot carry.',
    ],
    [
      'a body token with an array',
      { bodyToken: 'canary' },
      [1],
      'auth.bodyToken adds a member to the payload, so the payload must be a JSON object.',
    ],
    [
      'a body token with text',
      { bodyToken: 'canary' },
      '{}',
      'auth.bodyToken adds a member to the payload, so the payload must be a JSON object.',
    ],
    [
      'a member that is taken',
      { bodyToken: 'canary' },
      { auth: 1 },
      'The payload has a member auth already, where auth.bodyToken goes.',
    ],
  ])('%s', async (_name, auth, payload, message) => {
    const server = await rawServer(replyJSON(1))
    const failure = await failureOf(new ModelClient(server.url, { auth }).predict(payload))
    expect(failure).toEqual(new TypeError(message))
    expect(server.requests).toEqual([])
  })

  test('what a function throws comes through, and nothing is sent', async () => {
    const server = await rawServer(replyJSON(1))
    const cause = new Error('the vault is closed')
    const bearer = () => Promise.reject(cause)
    expect(await failureOf(new ModelClient(server.url, { auth: { bearer } }).predict({}))).toBe(cause)
    expect(server.requests).toEqual([])
  })
})

test('credentials follow no redirect', async () => {
  const other = await rawServer(replyJSON('reached'))
  const server = await rawServer(reply(307, '', { Location: `${other.url}/predict` }))
  const failure = await failureOf(new ModelClient(server.url, { auth: { apiKey: 'canary' } }).predict({}))
  expect(failure).toMatchObject({
    name: 'InvalidResponseError',
    code: 'invalid_response',
    status: 307,
    message: 'The server answered with a redirect, which is not followed. Give ModelClient the address it leads to.',
  })
  expect(other.requests).toEqual([])
})

test('a canary is in no error and in nothing that is printed', async () => {
  const canary = 'canary-canary'
  const auths: readonly ClientAuth[] = [
    { bearer: canary },
    { basic: { token: canary } },
    { apiKey: canary },
    { bodyToken: canary },
  ]
  const servers = [
    await closedPort(),
    (await rawServer(replyProblem(401, 'invalid_credentials'))).url,
    (await rawServer(reply(502, '<h1>502</h1>'))).url,
    (await rawServer('')).url,
    (await rawServer(socket => socket.destroy())).url,
    (await rawServer(reply(200, '{', { 'Content-Type': 'application/json' }))).url,
  ]
  const encoded = btoa(canary)
  for (const auth of auths) {
    for (const url of servers) {
      const model = new ModelClient(url, { auth, retry: false })
      const failure = await failureOf(model.predict({ a: canary }))
      const printed = inspect([model, failure], { depth: 20, showHidden: true }) + JSON.stringify([model, failure])
      expect(printed).not.toContain(canary)
      expect(printed).not.toContain(encoded)
    }
  }
})
