import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allOf, anyOf, apiKeyAuth, basicAuth, bearerAuth, bodyTokenAuth, jwtAuth } from '../../src/auth/index.ts'
import { call, serveWith } from './_fixtures.ts'

const SECRET = 'Zq9_the-only-secret-there-is.0123456789'

/** What an Authorization header can be made of: pieces that matter, and anything else a header may hold. */
const headerText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map(code => String.fromCharCode(code)), maxLength: 40 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'Bearer',
          'Basic',
          'bearer',
          'BASIC',
          ' ',
          '  ',
          '\t',
          ',',
          '=',
          '"',
          ':',
          '.',
          '..',
          'realm="x"',
        ),
        fc.base64String({ maxLength: 24 }),
        fc.string({ maxLength: 12 }).map(text => btoa(encodeURIComponent(text))),
        fc.constantFrom(
          'eyJhbGciOiJub25lIn0',
          'eyJhbGciOiJIUzI1NiJ9',
          'e30',
          'inc_a_b',
          SECRET.slice(0, -1),
          SECRET.toLowerCase(),
        ),
      ),
      { maxLength: 6 },
    )
    .map(parts => parts.join('')),
)

const STRATEGIES = [
  ['bearer', bearerAuth({ tokens: SECRET })],
  ['basic', basicAuth({ users: { till: SECRET } })],
  ['tokenOnly', basicAuth({ tokenOnly: true, tokens: SECRET })],
  ['a key', apiKeyAuth({ header: 'Authorization-Key', tokens: SECRET })],
  ['a store', bearerAuth({ tokens: { find: id => ({ id, hash: '0'.repeat(64), scopes: [] }) } })],
  ['a JWT', jwtAuth({ secret: SECRET, algorithms: ['HS256'], issuer: 'a', audience: 'b' })],
  [
    'all of them somehow',
    anyOf(
      allOf(bearerAuth({ tokens: SECRET }), apiKeyAuth({ tokens: SECRET })),
      basicAuth({ users: { till: SECRET } }),
      jwtAuth({ secret: SECRET, algorithms: ['HS256'], issuer: 'a', audience: 'b' }),
      bodyTokenAuth({ tokens: SECRET }),
    ),
  ],
] as const

test.each(STRATEGIES)(
  '%s: no header that is made up lets anybody in, or breaks the server',
  async (_name, decorator) => {
    const { app } = await serveWith(decorator)
    await fc.assert(
      fc.asyncProperty(
        headerText,
        fc.constantFrom('authorization', 'authorization-key', 'x-api-key'),
        async (text, name) => {
          const headers = new Headers()
          try {
            headers.append(name, text)
          } catch {
            return // No header can hold it.
          }
          const response = await call(app, headers)
          expect([400, 401]).toContain(response.status)
          if (response.status === 401) expect(response.headers.get('www-authenticate')).not.toBeNull()
        },
      ),
      { numRuns: 150 },
    )
  },
)

test('no payload that is made up lets anybody in, or breaks the server', async () => {
  const { app } = await serveWith(bodyTokenAuth({ tokens: SECRET }))
  const payload = fc.oneof(fc.jsonValue(), fc.record({ auth: fc.jsonValue() }))
  await fc.assert(
    fc.asyncProperty(payload, async value => {
      expect([400, 401]).toContain((await call(app, {}, value)).status)
    }),
    { numRuns: 200 },
  )
})

test('whatever a name and a password are made of, Basic takes exactly them', async () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter(text => /^[^\p{Cc}:\p{Cs}]+$/u.test(text) && text.trim() !== '')
  await fc.assert(
    fc.asyncProperty(word, word, word, async (name, password, other) => {
      fc.pre(!['env', 'file'].includes(name) && !['undefined', 'null'].includes(password) && other !== password)
      const { app } = await serveWith(basicAuth({ users: { [name]: password } }))
      const ask = async (text: string) =>
        (await call(app, { authorization: `Basic ${Buffer.from(text).toString('base64')}` })).status
      expect([await ask(`${name}:${password}`), await ask(`${name}:${other}`)]).toEqual([200, 401])
    }),
    { numRuns: 40 },
  )
})
