import { describe, expect, it } from 'vitest'
import { formatDocument, parseDocument } from '../../../src/auth/tokens/document.ts'
import type { TokenRecord } from '../../../src/auth/tokens/record.ts'

const CANARY = 'inc_canary_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA000000'
const RECORD = { id: 'a1', hash: '0'.repeat(64), scopes: ['predict'], created: '2026-01-01T00:00:00.000Z' }

function read(value: unknown): string {
  return messageOf(() => parseDocument(typeof value === 'string' ? value : JSON.stringify(value), 'tokens.json'))
}

function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    // Everything the document refuses is a StartupError; anything else shows in the comparison.
    const { code, message } = error as { code?: string; message: string }
    return `${code}: ${message.split('\n')[0]}`
  }
  return 'nothing'
}

const broken = (why: string) => `invalid_auth: tokens.json is not a token file: ${why}`
const withToken = (change: object) => ({ version: 1, tokens: [{ ...RECORD, ...change }] })

describe('a file of tokens', () => {
  it('gives back what was written', () => {
    const tokens: TokenRecord[] = [
      { id: 'a1', hash: 'f'.repeat(64), scopes: [], created: 1_700_000_000_123 },
      {
        id: 'b2',
        hash: '0'.repeat(64),
        name: 'Zoë, billing',
        scopes: ['predict', 'admin:*'],
        created: 0,
        notBefore: 1,
        expires: 253_402_300_799_999,
        revoked: 3,
        replacedBy: 'a1',
      },
    ]
    expect(parseDocument(formatDocument(tokens), 'tokens.json')).toEqual(tokens)
  })

  it.each([
    ['', 'it is empty'],
    ['{"version": 1, "tokens": [', 'it is not JSON'],
    [[], '# must be an object of version and tokens'],
    [{ version: 2, tokens: [] }, '#/version must be 1: another version of incant wrote this file'],
    [{ version: 1, tokens: {} }, '#/tokens must be a list of tokens'],
    [{ version: 1, tokens: [], more: 1 }, '# must be an object of version and tokens'],
    [withToken({ hash: CANARY }), '#/tokens/0/hash must be a SHA-256 in 64 hexadecimal digits'],
    [withToken({ id: CANARY }), '#/tokens/0/id must be letters and digits, 1 to 64'],
    [withToken({ name: `${CANARY}\n` }), '#/tokens/0/name must be 1 to 100 visible characters'],
    [withToken({ scopes: [`${CANARY} `] }), '#/tokens/0/scopes/0 must be a scope'],
    [
      withToken({ expires: '2027-01-31' }),
      '#/tokens/0/expires must be a time in UTC, such as 2027-01-31T00:00:00.000Z',
    ],
    [withToken({ created: '2026-99-01T00:00:00Z' }), '#/tokens/0/created must be a time in UTC'],
    [withToken({ expire: '2027-01-31T00:00:00Z' }), '#/tokens/0 must be an object of id, hash, scopes, created and'],
    [withToken({ [CANARY]: 1 }), '#/tokens/0 must be an object of id, hash, scopes, created and'],
    [{ version: 1, tokens: [RECORD, RECORD] }, '#/tokens must not contain an id twice'],
  ])('refuses %j by its place, and repeats nothing of it', (value, why) => {
    const message = read(value)
    expect(message).toContain(broken(why))
    expect(message).not.toContain('canary')
  })
})
