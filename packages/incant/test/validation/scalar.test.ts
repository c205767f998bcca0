import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecodedType } from '../../src/schema/json-schema.ts'
import { compileValidator } from '../../src/validation/validator.ts'

const FORMATS: {
  readonly [format: string]: { readonly accepts: readonly string[]; readonly refuses: readonly string[] }
} = {
  'date-time': {
    accepts: [
      '2024-02-29T23:59:59Z',
      '2024-01-31t12:00:00.123456789z',
      '0000-01-01T00:00:00+23:59',
      '2000-02-29T00:00:00-00:00',
    ],
    refuses: [
      '2023-02-29T00:00:00Z',
      '1900-02-29T00:00:00Z',
      '2024-04-31T00:00:00Z',
      '2024-13-01T00:00:00Z',
      '2024-00-01T00:00:00Z',
      '2024-01-00T00:00:00Z',
      '2024-01-31T24:00:00Z',
      '2024-01-31T12:60:00Z',
      '2016-12-31T23:59:60Z',
      '2024-01-31T12:00:00',
      '2024-01-31 12:00:00Z',
      '2024-01-31T12:00Z',
      '2024-01-31',
      '20240131T120000Z',
      '2024-01-31T12:00:00+24:00',
      '2024-01-31T12:00:00.Z',
      '2024-01-31T12:00:00Z\n',
      ' 2024-01-31T12:00:00Z',
      '٢٠٢٤-01-31T12:00:00Z',
      '+002024-01-31T12:00:00Z',
      '',
    ],
  },
  date: {
    accepts: ['2024-02-29', '0000-12-31'],
    refuses: ['2023-02-29', '2024-2-29', '24-02-29', '2024-02-29T', '2024-06-31', ''],
  },
  time: { accepts: ['00:00:00Z', '23:59:59.5+05:30'], refuses: ['24:00:00Z', '12:00:00', '12:00Z', '12:00:60Z', ''] },
  email: {
    accepts: ['a@b', 'first.last+tag@example.co.uk'],
    refuses: ['a', '@b', 'a@', 'a b@c', 'a@b@c', 'a@-b', `${'a'.repeat(320)}@b`],
  },
  hostname: {
    accepts: ['localhost', 'a.b-c.example', 'xn--nxasmq6b'],
    refuses: ['', 'a..b', '-a', 'a_b', 'a.', `${'a'.repeat(64)}.b`],
  },
  uri: {
    accepts: ['https://example.com/a?b=c#d', 'urn:isbn:1', 'mailto:a@b'],
    refuses: ['/a', 'a', 'http://', 'http://a b', 'https://a/%zz', 'https://a/é', ''],
  },
  uuid: {
    accepts: ['00000000-0000-0000-0000-000000000000', '123E4567-E89B-12D3-A456-426614174000'],
    refuses: ['123', '{123e4567-e89b-12d3-a456-426614174000}', ''],
  },
  ipv4: { accepts: ['0.0.0.0', '255.255.255.255'], refuses: ['256.0.0.0', '1.2.3', '01.2.3.4', '1.2.3.4/8', ''] },
  ipv6: {
    accepts: ['::', '::1', '2001:db8::1', '::ffff:1.2.3.4'],
    refuses: [':', '1.2.3.4', '2001:db8::1::', 'g::', '::/64', ''],
  },
}

describe('format', () => {
  for (const [format, { accepts, refuses }] of Object.entries(FORMATS)) {
    const validator = compileValidator({ type: 'string', format }, {})
    test(format, () => {
      expect(accepts.filter(text => !validator.validate(text).ok)).toEqual([])
      expect(refuses.filter(text => validator.validate(text).ok)).toEqual([])
    })
  }
})

describe('x-incant-type', () => {
  const decode = (type: DecodedType, text: unknown) =>
    compileValidator({ type: 'string', 'x-incant-type': type }, {}).validate(text)
  const bytes = fc.uint8Array({ maxLength: 50 })

  test('Date takes what format date-time takes', () => {
    const date = FORMATS['date-time']
    for (const text of date?.accepts ?? []) {
      const validation = decode('Date', text)
      expect(validation.ok && validation.value instanceof Date && !Number.isNaN(validation.value.getTime())).toBe(true)
    }
    for (const text of date?.refuses ?? []) expect(decode('Date', text).ok).toBe(false)
    expect(decode('Date', 0)).toEqual({ ok: false, issues: [{ pointer: '#', detail: 'must be a string' }] })
    expect(decode('Date', '2024-01-31T12:00:00+01:00')).toEqual({
      ok: true,
      value: new Date(Date.UTC(2024, 0, 31, 11)),
    })
  })

  test('every Date comes back', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, date => {
        expect(decode('Date', date.toISOString())).toEqual({ ok: true, value: date })
      }),
    )
  })

  test('every bigint comes back', () => {
    fc.assert(
      fc.property(fc.bigInt(), value => {
        expect(decode('bigint', String(value))).toEqual({ ok: true, value })
      }),
    )
  })

  test('bigint refuses other notations and endless digits', () => {
    const refused = ['', '-', '-0', '01', '+1', '1.0', '1e3', '0x1', ' 1', '1n', '1_000', '9'.repeat(5000)]
    expect(refused.filter(text => decode('bigint', text).ok)).toEqual([])
    const detail = 'must be an integer in decimal digits, at most 4096'
    expect(decode('bigint', 'x')).toEqual({ ok: false, issues: [{ pointer: '#', detail }] })
  })

  test('all bytes come back, in each of their classes and in memory of their own', () => {
    const property = fc.property(bytes, value => {
      const text = Buffer.from(value).toString('base64')
      expect(decode('Uint8Array', text)).toEqual({ ok: true, value: new Uint8Array(value) })
      expect(decode('ArrayBuffer', text)).toEqual({ ok: true, value: new Uint8Array(value).buffer })
      expect(decode('Buffer', text)).toEqual({ ok: true, value: Buffer.from(value) })
      const validation = decode('Uint8Array', text)
      expect(validation.ok && validation.value instanceof Uint8Array && validation.value.buffer.byteLength).toBe(
        value.length,
      )
    })
    fc.assert(property)
  })

  test('base64 is strict', () => {
    const refused = [
      'A',
      'AA',
      'AAA',
      'AA=',
      'A===',
      'AAAA=',
      '====',
      'AAAA\n',
      'AA AA',
      'AA-_',
      'QR==',
      'QUF=',
      'AA==AAAA',
      'é===',
    ]
    expect(refused.filter(text => decode('Uint8Array', text).ok)).toEqual([])
    expect(decode('Buffer', '!')).toEqual({
      ok: false,
      issues: [{ pointer: '#', detail: 'must be base64 with padding (RFC 4648 §4)' }],
    })
  })

  test('other keywords look at the string on the wire', () => {
    const validator = compileValidator({ type: 'string', 'x-incant-type': 'Uint8Array', maxLength: 4 }, {})
    expect(validator.validate('AAAA').ok).toBe(true)
    expect(validator.validate('AAAAAAAA')).toEqual({
      ok: false,
      issues: [{ pointer: '#', detail: 'must have at most 4 characters' }],
    })
  })
})
