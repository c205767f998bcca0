import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import {
  type AuthDecorator,
  allOf,
  anyOf,
  apiKeyAuth,
  auth,
  basicAuth,
  bearerAuth,
  bodyTokenAuth,
  type JWTAuthOptions,
  jwtAuth,
  type TokenOptions,
} from '../../src/auth/index.ts'
import { call, outcome, protect, serveWith, startupError, startWith, WITH_CONTEXT } from './_fixtures.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'incant-auth-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Options as JavaScript may have them. */
function wrong<Options>(options: object): Options {
  return options as Options
}

const TOKEN_DECORATORS: [string, (options: TokenOptions) => AuthDecorator][] = [
  ['@bearerAuth', bearerAuth],
  ['@apiKeyAuth', apiKeyAuth],
  ['@bodyTokenAuth', bodyTokenAuth],
  ['@basicAuth', options => basicAuth(wrong({ tokenOnly: true, ...options }))],
]

describe.each(TOKEN_DECORATORS)('%s with tokens that protect nothing', (name, decorator) => {
  test.each<[string, object, string]>([
    ['undefined', { tokens: undefined }, 'tokens is undefined, as an unset environment variable is'],
    ['null', { tokens: null }, 'tokens is null'],
    ['a number', { tokens: 5 }, 'tokens is a number'],
    ['an object', { tokens: { token: 'a' } }, 'tokens is an object without env or file'],
    ['an empty text', { tokens: '' }, 'tokens: number 1 is blank'],
    ['a blank text', { tokens: ' \t' }, 'tokens: number 1 is blank'],
    [
      'the text "undefined"',
      { tokens: 'undefined' },
      'tokens: number 1 is the text "undefined", as an unset variable becomes',
    ],
    ['the text "null"', { tokens: ['a', 'null'] }, 'tokens: number 2 is the text "null", as an unset variable becomes'],
    ['an empty list', { tokens: [] }, 'tokens is empty: it contains none'],
    ['a list of undefined', { tokens: [undefined] }, 'tokens: number 1 is undefined and not a string'],
    ['a list with a blank', { tokens: ['a', ' '] }, 'tokens: number 2 is blank'],
    ['a letter beyond ASCII', { tokens: 'tökén' }, 'tokens: number 1 has characters other than visible ASCII'],
    ['a newline', { tokens: 'a\n' }, 'tokens: number 1 has characters other than visible ASCII'],
    ['a space', { tokens: 'a b' }, 'tokens: number 1 has characters other than visible ASCII'],
    ['5 KiB', { tokens: 'a'.repeat(5000) }, 'tokens: number 1 has more than 4096 characters'],
    [
      'a variable that is not set',
      { tokens: { env: 'INCANT_TEST_UNSET' } },
      'tokens come from the environment variable INCANT_TEST_UNSET, which is not set',
    ],
    ['tokens and verify', { tokens: 'a', verify: () => true }, ''],
  ])('%s', (_name, options, found) => {
    const error = startWith(decorator(wrong(options)))
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toContain(`${name} on Predictor: ${found}`)
    expect(error.instead).toMatch(/\.$/)
  })

  test.each<[string, string | undefined, RegExp]>([
    ['an empty variable', '', /tokens is empty/],
    ['a blank variable', ' , \n', /tokens is empty/],
    ['a variable that holds "undefined"', 'undefined', /number 1 is the text "undefined"/],
  ])('%s', (_name, value, found) => {
    const secrets = { environment: () => value, file: () => '', fileVersion: () => '' }
    const error = startupError(() =>
      createApp(protect(decorator({ tokens: { env: 'X' } })), { secrets, signature: WITH_CONTEXT }),
    )
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toMatch(found)
  })

  test.each<[string, string | undefined, RegExp]>([
    ['a file that is missing', undefined, /tokens cannot be read from their file: ENOENT/],
    ['an empty file', '', /is empty: .* contains none/],
    ['a file of comments', '# nothing\n\n', /is empty/],
    ['a file with a blank between', 'good\nnot good\n', /number 2 has characters other/],
  ])('%s', (_name, text, found) => {
    const file = join(folder, 'tokens.txt')
    if (text === undefined) rmSync(file, { force: true })
    else writeFileSync(file, text)
    const error = startWith(decorator({ tokens: { file } }))
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toMatch(found)
  })
})

const JWT = { secret: 'x'.repeat(32), algorithms: ['HS256'], issuer: 'i', audience: 'a' }
const PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n'
const EDDSA = { publicKey: PEM, algorithms: ['Ed25519'], issuer: 'i', audience: 'a' }

test.each<[string, object, string]>([
  ['no key', { ...JWT, secret: undefined, algorithms: ['HS256'] }, 'secret is undefined'],
  ['none of the keys', { algorithms: ['RS256'], issuer: 'i', audience: 'a' }, 'it has no key'],
  ['two keys', { ...JWT, jwks: 'https://a.example/' }, 'it has secret and jwks'],
  ['a secret of 31 bytes', { ...JWT, secret: 'x'.repeat(31) }, 'secret: number 1 has fewer than 32 bytes'],
  ['32 bytes for HS512', { ...JWT, algorithms: ['HS256', 'HS512'] }, 'secret: number 1 has fewer than 64 bytes'],
  [
    'a public key for a secret',
    { ...JWT, secret: PEM },
    'secret: number 1 is a key in PEM, which is no secret of an HMAC',
  ],
  ['no algorithms', { ...JWT, algorithms: undefined }, 'algorithms is not a list with at least one name'],
  ['an empty list of algorithms', { ...JWT, algorithms: [] }, 'algorithms is not a list with at least one name'],
  ['none', { ...JWT, algorithms: ['none'] }, 'the algorithm none does not fit its key'],
  [
    'an asymmetric one for a secret',
    { ...JWT, algorithms: ['HS256', 'RS256'] },
    'the algorithm RS256 does not fit its key',
  ],
  ['an HMAC for a public key', { ...EDDSA, algorithms: ['HS256'] }, 'the algorithm HS256 does not fit its key'],
  [
    'an algorithm that the key has not',
    { ...EDDSA, algorithms: ['RS256'] },
    'publicKey: number 1 is a key for none of RS256',
  ],
  [
    'a key that does not parse',
    { ...EDDSA, publicKey: PEM.replace('MCow', 'AAAA') },
    'publicKey: number 1 does not parse as a public key',
  ],
  [
    'a private key',
    { ...EDDSA, publicKey: PEM.replaceAll('PUBLIC', 'PRIVATE') },
    'publicKey: number 1 is a private key',
  ],
  ['text for a key', { ...EDDSA, publicKey: 'key' }, 'publicKey: number 1 is no public key in PEM'],
  ['no issuer', { ...JWT, issuer: undefined }, 'issuer is not given'],
  ['a blank issuer', { ...JWT, issuer: ' ' }, 'issuer is neither a string nor a list of strings'],
  ['no audience', { ...JWT, audience: undefined }, 'audience is not given'],
  ['an empty list of audiences', { ...JWT, audience: [] }, 'audience is neither a string nor a list of strings'],
  ['a tolerance of an hour', { ...JWT, clockTolerance: '1h' }, 'clockTolerance is not a duration of at most 5m'],
  [
    'keys over plain http',
    { ...EDDSA, publicKey: undefined, jwks: 'http://issuer.example/' },
    'it has publicKey and jwks',
  ],
])('@jwtAuth with %s', (_name, options, found) => {
  const error = startWith(jwtAuth(wrong<JWTAuthOptions>(options)))
  expect(error.code).toBe('invalid_auth')
  expect(error.found).toContain(`@jwtAuth on Predictor: ${found}`)
})

test.each(['http://issuer.example/', 'file:///keys', 'issuer.example/keys', ''])('@jwtAuth with keys at "%s"', jwks => {
  const error = startWith(jwtAuth({ jwks, algorithms: ['RS256'], issuer: 'i', audience: 'a' }))
  expect(error.found).toBe('@jwtAuth on Predictor: jwks is not an https: URL')
})

test.each<[string, object, string]>([
  ['neither users nor verify', {}, 'it has neither users nor verify'],
  ['users and verify', { users: { a: 'b' }, verify: () => true }, 'it has users and verify'],
  ['tokens without tokenOnly', { tokens: 'a' }, 'it has tokens'],
  ['users with tokenOnly', { tokenOnly: true, users: { a: 'b' } }, 'it has users with tokenOnly'],
  ['tokenOnly that is a text', { tokenOnly: 'false', tokens: 'a' }, 'tokenOnly is not true'],
  ['users undefined', { users: undefined }, 'users is undefined'],
  ['a list of users', { users: ['a:b'] }, 'users is a list'],
  ['no users', { users: {} }, 'users is empty'],
  ['an empty password', { users: { a: '' } }, 'users: number 1 has a blank password'],
  ['a password that is undefined', { users: { a: undefined } }, 'users: number 1 is undefined and not a string'],
  [
    'the password "undefined"',
    { users: { a: 'undefined' } },
    'users: number 1 has no password, as an unset variable becomes',
  ],
  ['a name with a colon', { users: { 'a:b': 'c' } }, 'users: name 1 is empty or contains a colon'],
  ['an empty name', { users: { '': 'c' } }, 'users: name 1 is empty or contains a colon'],
  ['a control character', { users: { a: 'b\n' } }, 'users: number 1 has control characters'],
  ['half a hash', { users: { a: '$scrypt$ln=14,r=8,p=5$abc' } }, 'users: number 1 has a hash that is not well formed'],
  [
    'a hash of 4 GiB',
    { users: { a: `$scrypt$ln=20,r=32,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}` } },
    'users: number 1 has a hash that is not well formed',
  ],
])('@basicAuth with %s', (_name, options, found) => {
  const error = startWith(basicAuth(wrong(options)))
  expect(error.code).toBe('invalid_auth')
  expect(error.found).toContain(`@basicAuth on Predictor: ${found}`)
})

test.each(['a\nb', 'a\rb', 'a\0', 'ä', 'a\u{2028}'])('a realm that would end its line: %j', realm => {
  for (const decorator of [bearerAuth({ tokens: 'a', realm }), basicAuth({ users: { a: 'b' }, realm })]) {
    const error = startWith(decorator)
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toMatch(
      /Auth on Predictor: the realm of the challenge is not a string of visible ASCII characters$/,
    )
  }
})

test.each<[string, string]>([
  ['Authorization', 'the header Authorization has another meaning'],
  ['cookie', 'the header cookie has another meaning'],
  ['X Key', 'the header is not the name of one'],
  ['', 'the header is not the name of one'],
])('@apiKeyAuth in the header "%s"', (header, found) => {
  expect(startWith(apiKeyAuth({ tokens: 'a', header })).found).toBe(`@apiKeyAuth on Predictor: ${found}`)
})

test('@bodyTokenAuth in a member without a name', () => {
  expect(startWith(bodyTokenAuth({ tokens: 'a', member: '' })).found).toBe(
    '@bodyTokenAuth on Predictor: member is empty',
  )
})

const strategy = { name: 's', reads: 'headers', challenge: { scheme: 'S' }, authenticate: () => ({ id: 'a' }) }

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'is no object'],
  ['no name', { ...strategy, name: undefined }, 'has no name of letters, digits, . - and _'],
  ['a name with a space', { ...strategy, name: 'a b' }, 'has no name of letters, digits, . - and _'],
  ['nothing to read', { ...strategy, reads: 'query' }, "reads neither 'headers' nor 'payload' nor 'connection'"],
  ['no member', { ...strategy, reads: 'payload' }, 'reads the payload and names no member'],
  ['no challenge, which RFC 9110 §15.5.2 asks for', { ...strategy, challenge: undefined }, 'has no challenge'],
  ['no authenticate', { ...strategy, authenticate: undefined }, 'has no method authenticate'],
])('@auth with %s', (_name, given, found) => {
  const error = startupError(() => auth(given as never))
  expect(error.code).toBe('invalid_auth')
  expect(error.found).toBe(`@auth was given something that ${found}`)
})

test('@auth whose challenge cannot be sent', () => {
  const error = startWith(auth({ ...strategy, reads: 'headers', challenge: { scheme: 'a b' } }))
  expect(error.found).toBe('@auth(s) on Predictor: the challenge has no scheme')
})

test('no message holds a secret', () => {
  const canary = 'cänary-secret'
  for (const decorator of [bearerAuth({ tokens: canary }), jwtAuth(wrong({ ...JWT, secret: canary }))])
    expect(JSON.stringify(startWith(decorator))).not.toContain('nary-secret')
})

test('a decorator of another copy of the package is named, too', async () => {
  vi.resetModules()
  const other = await import('../../src/auth/index.ts')
  const error = startWith(other.bearerAuth({ tokens: [] }))
  expect(error.code).toBe('invalid_auth')
  expect(error.found).toBe('@bearerAuth on Predictor: tokens is empty: it contains none')
  const jwks = 'http://127.0.0.1:1/'
  const { app } = await serveWith(other.jwtAuth({ jwks, algorithms: ['RS256'], issuer: 'i', audience: 'a' }))
  const authorization = 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA'
  expect(await outcome(call(app, { authorization }))).toBe('503 auth_unavailable')
})

describe('a start that fails leaves no strategy open', () => {
  const tracked = (log: string[], open = () => {}) =>
    auth({
      ...strategy,
      reads: 'headers',
      open() {
        open()
        log.push('opened')
      },
      close: () => void log.push('closed'),
    })

  test('where another strategy cannot be opened', () => {
    const log: string[] = []
    expect(startWith(tracked(log), bearerAuth({ tokens: [] })).code).toBe('invalid_auth')
    expect(log).toEqual(['opened', 'closed'])
  })

  test('where it is the one that cannot', () => {
    const log: string[] = []
    const fail = () => {
      throw new TypeError('no')
    }
    expect(() => createApp(protect(tracked(log, fail)), { signature: WITH_CONTEXT })).toThrow(new TypeError('no'))
    expect(log).toEqual([])
  })

  test('where something else keeps the application from being made', () => {
    const log: string[] = []
    const decorator = tracked(log)
    const signature = { ...WITH_CONTEXT, config: { schema: { type: 'object', required: ['a'] } } } as const
    expect(startupError(() => createApp(protect(decorator), { signature })).code).toBe('invalid_config')
    expect(log).toEqual(['opened', 'closed'])
  })

  test('and one that stands there twice is opened and closed once', async () => {
    const log: string[] = []
    const twice = tracked(log)
    const { app } = await serveWith(anyOf(allOf(twice, bearerAuth({ tokens: 'a' })), twice))
    await app.close()
    expect(log).toEqual(['opened', 'closed'])
  })
})
