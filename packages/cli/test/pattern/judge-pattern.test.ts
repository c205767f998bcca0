import { expect, test } from 'vitest'
import { judgePattern } from '../../src/pattern/judge-pattern.ts'

const LINEAR = [
  '^[a-z]+$',
  '^\\d+(?:\\.\\d+)?$',
  '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  '^#(?:[0-9a-f]{3}){1,2}$',
  '^\\p{L}+$',
  '^https?://[^\\s/$.?#].[^\\s]*$',
  '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
]

/** The check takes a second of CPU or more for each. */
const SLOW_LINEAR = [
  // Of semantic versions, from their specification.
  '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$',
  // Of addresses of email, as HTML has it.
  "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$",
  '^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[a-zA-Z\\d@$!%*?&]{8,64}$',
  '^(["\']).*\\1$',
]

test.each(LINEAR)('%s is accepted', pattern => {
  expect(judgePattern(pattern, undefined)).toBeUndefined()
})

test.each(SLOW_LINEAR)('%s is accepted, however busy the machine is', { tags: ['slow'] }, pattern => {
  expect(judgePattern(pattern, undefined)).toBeUndefined()
})

test.each(['^(a+)+$', '^(\\w+\\s?)*$', '^(a|a)*$', '(a*)*b', '^(?:\\w+[ -]?)+$(?<!-)'])(
  '%s is refused, however short the text',
  pattern => {
    expect(judgePattern(pattern, 30)?.found).toBe(
      'which takes time exponential in the length of the text that it is tried on',
    )
  },
)

test.each([
  '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
  '\\d+$',
  'foo.*bar',
  '(?<!x)\\d+z',
  '^(?=[^@]+@)[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
])('%s is accepted where the text is short', pattern => {
  expect(judgePattern(pattern, 1000)).toBeUndefined()
  for (const maxLength of [undefined, 1001]) {
    expect(judgePattern(pattern, maxLength)).toEqual({
      found: 'which takes time that grows with the square of the length of the text',
      instead: 'Write @maxLength 1000 or less beside it, or rewrite it so that it can match each text in one way only.',
    })
  }
})

test('a pattern that no automaton can judge is judged by a number of steps', { tags: ['slow'] }, () => {
  const found = (pattern: string) => judgePattern(pattern, undefined)?.found
  expect(found('^<([a-z]+)(?:[^<]+)*(?:>(.*)<\\/\\1>|\\s+\\/>)$')).toContain('exponential')
  expect(found('^(["\']).*.*\\1$')).toContain('the square')
})
