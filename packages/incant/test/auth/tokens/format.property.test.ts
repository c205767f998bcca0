import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomBase62, toBase62 } from '../../../src/auth/tokens/base62.ts'
import { crc32 } from '../../../src/auth/tokens/crc32.ts'
import { formatToken, generateToken, parseToken } from '../../../src/auth/tokens/format.ts'
import { issueToken } from '../../../src/auth/tokens/issue.ts'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const digits = (length: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), ...length })
const parts = fc.record({
  id: digits({ minLength: 1, maxLength: 64 }),
  random: digits({ minLength: 32, maxLength: 32 }),
})

describe('the form of a token', () => {
  it('gives back the parts it was made of', () => {
    fc.assert(
      fc.property(parts, token => {
        expect(parseToken(formatToken(token))).toEqual(token)
      }),
    )
  })

  it('shows by its checksum that one character was changed, also in the id and in the prefix', () => {
    fc.assert(
      fc.property(parts, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (token, position, character) => {
        const text = formatToken(token)
        const at = position % text.length
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        fc.pre(changed !== text)
        expect(parseToken(changed)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('shows that two neighbours were swapped, and that something is missing or added', () => {
    fc.assert(
      fc.property(parts, fc.nat(), (token, position) => {
        const text = formatToken(token)
        const at = position % (text.length - 1)
        const swapped = `${text.slice(0, at)}${text.charAt(at + 1)}${text.charAt(at)}${text.slice(at + 2)}`
        if (swapped !== text) expect(parseToken(swapped)).toBeUndefined()
        expect(parseToken(text.slice(0, at) + text.slice(at + 1))).toBeUndefined()
        expect(parseToken(`${text}\n`)).toBeUndefined()
      }),
    )
  })

  it('has the checksum that everybody has', () => {
    expect(crc32('123456789')).toBe(0xcbf43926)
    expect(crc32('')).toBe(0)
    expect(toBase62(0xffffffff, 6)).toBe('4gfFC3')
    expect(toBase62(0, 6)).toBe('000000')
  })
})

describe('random digits', () => {
  it('has every digit about as often', () => {
    const counts = new Map([...DIGITS].map(digit => [digit, 0]))
    for (const digit of randomBase62(62_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    // 1000 each; the bound is nine standard deviations away. Bytes modulo 62 would give eight digits 1210 each.
    expect(counts.size).toBe(62)
    expect(Math.max(...[...DIGITS.slice(0, 8)].map(digit => counts.get(digit) ?? 0))).toBeLessThan(1150)
    expect(Math.min(...counts.values())).toBeGreaterThan(850)
  })

  it('never makes the same token twice', () => {
    const tokens = Array.from({ length: 1000 }, () => generateToken())
    expect(new Set(tokens.map(({ id }) => id)).size).toBe(1000)
    expect(new Set(tokens.map(({ random }) => random)).size).toBe(1000)
  })
})

describe('issueToken', () => {
  it('gives a store the hash of the token as it is sent, and nothing of the secret', async () => {
    const { token, stored } = await issueToken({ name: 'billing', scopes: ['predict'] })
    expect(token).toMatch(/^inc_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}$/)
    expect(stored).toEqual({
      id: parseToken(token)?.id,
      hash: createHash('sha256').update(token).digest('hex'),
      name: 'billing',
      scopes: ['predict'],
    })
  })

  it.each([
    [{ name: 'a\nb' }, 'the name of the token is not valid'],
    [{ name: '' }, 'the name of the token is not valid'],
    [{ name: ' a' }, 'the name of the token is not valid'],
    [{ scopes: ['predict', 'a b'] }, 'scope 2 is not valid'],
    [{ expires: 5 }, 'the token would never be valid: it expires before it begins'],
    [{ expires: Number.NaN }, 'expires is not a time'],
    [{ notBefore: Date.now() + 2e9, expires: Date.now() + 1e9 }, 'the token would never be valid'],
  ])('refuses %j', async (terms, message) => {
    await expect(issueToken(terms)).rejects.toMatchObject({
      code: 'invalid_option',
      found: expect.stringContaining(message),
    })
  })
})
