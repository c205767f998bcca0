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

test.each(LINEAR)('%s is accepted', pattern => {
  expect(judgePattern(pattern, undefined)).toBeUndefined()
})

test.each(['^(a+)+$', '^(\\w+\\s?)*$', '^(a|a)*$', '(a*)*b'])('%s is refused, however short the text', pattern => {
  expect(judgePattern(pattern, 30)?.found).toBe(
    'which takes time exponential in the length of the text that it is tried on',
  )
})

test.each(['^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', '\\d+$', 'foo.*bar'])(
  '%s is accepted where the text is short',
  pattern => {
    expect(judgePattern(pattern, 1000)).toBeUndefined()
    for (const maxLength of [undefined, 1001]) {
      expect(judgePattern(pattern, maxLength)).toEqual({
        found: 'which takes time that grows with the square of the length of the text',
        instead:
          'Write @maxLength 1000 or less beside it, or rewrite it so that it can match each text in one way only.',
      })
    }
  },
)
