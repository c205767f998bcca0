import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPointer } from '../../src/schema/pointer.ts'

test('a pointer follows RFC 6901 §6', () => {
  expect(toPointer([])).toBe('#')
  expect(toPointer(['data', 0])).toBe('#/data/0')
  // The examples of the RFC.
  const names = ['', 'a/b', 'c%d', 'e^f', 'g|h', 'i\\j', 'k"l', ' ', 'm~n']
  const tokens = ['', 'a~1b', 'c%25d', 'e%5Ef', 'g%7Ch', 'i%5Cj', 'k%22l', '%20', 'm~0n']
  expect(names.map(name => toPointer([name]))).toEqual(tokens.map(token => `#/${token}`))
})

test('names of the caller are cut and have no control characters', () => {
  expect(toPointer(['a\r\n\u0000\u001b\u0085b'])).toBe('#/ab')
  expect(toPointer(['x'.repeat(101)])).toBe(`#/${'x'.repeat(100)}%E2%80%A6`)
  expect(toPointer(['\ud83d', '😀'])).toBe('#//%F0%9F%98%80')
})

test('a pointer is a URI fragment, and gives short plain names back', () => {
  const names = fc.string({ unit: 'grapheme', maxLength: 20 }).filter(name => !/\p{Cc}/u.test(name))
  const property = fc.property(fc.array(names), path => {
    const pointer = toPointer(path)
    expect(pointer).toMatch(/^#(?:[\w\-.~!$&'()*+,;=:@/?]|%[\dA-F]{2})*$/)
    const tokens = pointer.split('/').slice(1)
    expect(tokens.map(token => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))).toEqual(path)
  })
  fc.assert(property)
})
