import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findFault } from '../../src/http/json-scan.ts'

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

it('finds a fault exactly where JSON.parse refuses a text', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', '"', ',', ':', '{', '}', '[', ']', '0', '-', '\\', '\n'),
  )
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), damage, (text, [place, length, instead]) => {
      const at = place % (text.length + 1)
      const damaged = text.slice(0, at) + instead + text.slice(at + length)
      expect(findFault(damaged, { duplicates: false }) === undefined, damaged).toBe(parses(damaged))
    }),
    { numRuns: 1000 },
  )
})

describe('the place of a fault', () => {
  it.each([
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['"a', 2],
    ['{"a', 3],
    ['01', 1],
    ['[tru]', 1],
    ['{} {}', 3],
    ['', 0],
  ])('%s: %i', (text, offset) => {
    expect(findFault(text, { duplicates: false })).toEqual({ kind: 'syntax', offset })
  })

  it.each([
    ['{"a":1,"a":2}', 7],
    ['{"a":1,"\\u0061":2}', 7],
    ['[{"b":{}},{"c":1,"d":[],"c":3}]', 24],
  ])('of a member that comes twice, %s: %i', (text, offset) => {
    expect(findFault(text, { duplicates: true })).toEqual({ kind: 'duplicate', offset })
    expect(findFault(text, { duplicates: false })).toBeUndefined()
  })
})
