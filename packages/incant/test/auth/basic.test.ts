import { describe, expect, test } from 'vitest'
import { basicAuth, hashPassword } from '../../src/auth/index.ts'
import { basic, call, outcome, serveWith } from './_fixtures.ts'

const CHALLENGE = 'Basic realm="predict", charset="UTF-8"'
const MISSING = `401 unauthorized ${CHALLENGE}`
const INVALID = `401 invalid_credentials ${CHALLENGE}`

const USERS = {
  Aladdin: 'open sesame',
  test: '123£',
  jürgen: 'straße',
  colon: 'a:b:c',
  ' spaced ': ' p w ',
  日本: '語',
}

describe('@basicAuth', () => {
  test.each([
    ['the example of RFC 7617 §2', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', '200 Aladdin'],
    ['the example of RFC 7617 §2.1, UTF-8', 'Basic dGVzdDoxMjPCow==', '200 test'],
    ['the scheme in any case', 'bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ==', '200 Aladdin'],
    ['several spaces', 'Basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ==', '200 Aladdin'],
    ['letters beyond ASCII', basic('jürgen:straße'), '200 jürgen'],
    ['letters of another script', basic('日本:語'), '200 日本'],
    ['a password with colons: the first one parts', basic('colon:a:b:c'), '200 colon'],
    ['spaces that belong to name and password', basic(' spaced : p w '), '200  spaced '],
    ['a wrong password', basic('Aladdin:open sesam'), INVALID],
    ['an unknown name', basic('Aladin:open sesame'), INVALID],
    ['another case', basic('aladdin:open sesame'), INVALID],
    ["another user's password", basic('Aladdin:123£'), INVALID],
    ['an empty password', basic('Aladdin:'), INVALID],
    ['an empty name', basic(':open sesame'), INVALID],
    ['a name that every object has', basic('constructor:open sesame'), INVALID],
    ['__proto__', basic('__proto__:x'), INVALID],
    ['no colon', basic('Aladdin'), INVALID],
    ['a newline at the end', basic('Aladdin:open sesame\n'), INVALID],
    ['a NUL at the end', basic('Aladdin:open sesame\0'), INVALID],
    ['a byte order mark', basic('\u{feff}Aladdin:open sesame'), INVALID],
    ['Latin-1 and not UTF-8', `Basic ${Buffer.from('test:123£', 'latin1').toString('base64')}`, INVALID],
    ['no padding', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ', INVALID],
    ['too much padding', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ===', INVALID],
    ['bits that decode to nothing', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==', INVALID],
    ['base64url', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZ-==', INVALID],
    ['garbage between', 'Basic QWxhZGRp*bjpvcGVuIHNlc2FtZQ==', INVALID],
    ['a space between', 'Basic QWxhZGRp bjpvcGVuIHNlc2FtZQ==', INVALID],
    ['what Node would decode as well', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\u00a0', INVALID],
    ['nothing', 'Basic', INVALID],
    ['an equals sign', 'Basic =', INVALID],
    ['a tab for the space', 'Basic\tQWxhZGRpbjpvcGVuIHNlc2FtZQ==', INVALID],
    ['name and password as they are', 'Basic Aladdin:open sesame', INVALID],
    ['more than fits', basic(`Aladdin:${'x'.repeat(5000)}`), INVALID],
    ['another scheme', 'Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==', MISSING],
    ['no scheme', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==', MISSING],
    ['a scheme that begins alike', 'Basics QWxhZGRpbjpvcGVuIHNlc2FtZQ==', MISSING],
  ])('%s', async (_name, authorization, expected) => {
    const { app } = await serveWith(basicAuth({ users: USERS }))
    expect(await outcome(call(app, { authorization }))).toBe(expected)
  })

  test('the realm is escaped', async () => {
    const { app } = await serveWith(basicAuth({ users: USERS, realm: 'say "friend"' }))
    expect(await outcome(call(app))).toBe('401 unauthorized Basic realm="say \\"friend\\"", charset="UTF-8"')
  })

  test('an unknown name and a wrong password get the same bytes', async () => {
    const { app } = await serveWith(basicAuth({ users: USERS }))
    const wrong = ['Aladdin:x', 'nobody:x', 'nobody:open sesame', 'Aladdin', '\n:\n', 'Aladdin:open sesame\n']
    const answers = await Promise.all(
      wrong.map(async text => {
        const response = await call(app, { authorization: basic(text), 'x-request-id': 'same' })
        return JSON.stringify([response.status, [...response.headers], await response.text()])
      }),
    )
    expect(new Set(answers).size).toBe(1)
  })
})

describe('a hashed password', () => {
  test('lets in who knows it, again and again, and nobody else', async () => {
    const till = await hashPassword('straße')
    expect(till).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/)
    const { app } = await serveWith(basicAuth({ users: { till, plain: 'written out' } }))
    const answers: string[] = []
    for (const text of [
      'till:straße',
      'till:straße',
      'till:strasse',
      'plain:written out',
      'nobody:straße',
      `till:${till}`,
    ])
      answers.push(await outcome(call(app, { authorization: basic(text) })))
    expect(answers).toEqual(['200 till', '200 till', INVALID, '200 plain', INVALID, INVALID])
  })

  test('has a salt of its own', async () => {
    expect(await hashPassword('a')).not.toBe(await hashPassword('a'))
  })
})

describe('verify', () => {
  test('decides about name and password', async () => {
    const seen: string[][] = []
    const { app } = await serveWith(
      basicAuth({
        verify(name, password) {
          seen.push([name, password])
          return name === 'a' && password === 'b:c'
        },
      }),
    )
    expect(await outcome(call(app, { authorization: basic('a:b:c') }))).toBe('200 a')
    expect(await outcome(call(app, { authorization: basic('a:b') }))).toBe(INVALID)
    expect(await outcome(call(app, { authorization: basic('no colon') }))).toBe(INVALID)
    expect(seen).toEqual([
      ['a', 'b:c'],
      ['a', 'b'],
    ])
  })
})

describe('tokenOnly', () => {
  const AUTH_PAYLOAD = 'ZXhhbXBsZS10b2tlbgo=' // echo "example-token" | base64

  test.each([
    ['what echo and base64 make of it', `Basic ${AUTH_PAYLOAD}`, '200 token-1'],
    ['without the newline', basic('example-token'), '200 token-1'],
    ["with Windows' newline", basic('example-token\r\n'), '200 token-1'],
    ['with two newlines', basic('example-token\n\n'), INVALID],
    ['with a newline before it', basic('\nexample-token'), INVALID],
    ['with a space after it', basic('example-token '), INVALID],
    ['with a name', basic('user:example-token'), INVALID],
    ['another token', basic('example-tokem\n'), INVALID],
    ['as it is', 'Basic example-token', INVALID],
    ['an empty one', basic('\n'), INVALID],
  ])('%s', async (_name, authorization, expected) => {
    const { app } = await serveWith(basicAuth({ tokenOnly: true, tokens: ['example-token'] }))
    expect(await outcome(call(app, { authorization }))).toBe(expected)
  })

  test('the same line is a 401 in strict mode', async () => {
    const { app } = await serveWith(basicAuth({ users: { user: 'example-token' } }))
    expect(await outcome(call(app, { authorization: `Basic ${AUTH_PAYLOAD}` }))).toBe(INVALID)
  })
})
