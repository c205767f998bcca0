import { describe, expect, test } from 'vitest'
import { addressKey } from '../../../src/auth/limits/address-key.ts'
import { Allowance } from '../../../src/auth/limits/allowance.ts'

describe('Allowance', () => {
  test('grants all at once, then one every part of the period', () => {
    const allowance = new Allowance({ requests: 3, per: 'minute' })
    const waits = [0, 0, 0, 0, 10_000, 20_000, 20_000, 40_000].map(now => allowance.take('a', now))
    expect(waits).toEqual([0, 0, 0, 20_000, 10_000, 0, 20_000, 0])
  })

  test('is whole again after the period', () => {
    const allowance = new Allowance({ requests: 100, per: 'second' })
    for (let call = 0; call < 100; call += 1) expect(allowance.take('a', 5)).toBe(0)
    expect(allowance.take('a', 5)).toBeGreaterThan(0)
    for (let call = 0; call < 100; call += 1) expect(allowance.take('a', 1006)).toBe(0)
    expect(allowance.take('a', 1006)).toBeGreaterThan(0)
  })

  test('is each caller’s own', () => {
    const allowance = new Allowance({ requests: 1, per: 'hour' })
    expect([allowance.take('a', 0), allowance.take('b', 0), allowance.take('a', 0)]).toEqual([0, 0, 3_600_000])
  })

  test('looking takes nothing', () => {
    const allowance = new Allowance({ requests: 1, per: 'second' })
    expect([allowance.peek('a', 0), allowance.peek('a', 0), allowance.take('a', 0), allowance.peek('a', 0)]).toEqual([
      0, 0, 0, 1000,
    ])
  })

  test('never grants more than its rate in any period, whatever the times', () => {
    const allowance = new Allowance({ requests: 7, per: 'second' })
    const granted: number[] = []
    for (let now = 0; now < 20_000; now += 13) if (allowance.take('a', now) === 0) granted.push(now)
    // The burst of the beginning comes once; then there are seven a second.
    expect(granted.length).toBeLessThanOrEqual(7 + 7 * 20)
    expect(granted.length).toBeGreaterThanOrEqual(7 * 20)
  })

  test('remembers a bounded number of a million callers, and those seen last', () => {
    const allowance = new Allowance({ requests: 1, per: 'day' }, 1000)
    for (let caller = 0; caller < 1_000_000; caller += 1) allowance.take(`caller ${caller}`, 0)
    expect(allowance.size).toBe(1000)
    expect(allowance.take('caller 999999', 0)).toBeGreaterThan(0)
    expect(allowance.take('caller 0', 0)).toBe(0)
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
