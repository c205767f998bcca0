import { expect, test } from 'vitest'
import { refuseSize } from '../../src/http/json-size.ts'

const check = (text: string, limits: { maxJsonMembers: number; maxJsonItems: number }): string => {
  try {
    refuseSize(new TextEncoder().encode(text), limits)
    return 'taken'
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'thrown'
  }
}

const MEMBERS = 'The objects of a body may have 3 members together.'
const ITEMS = 'The arrays of a body may have 3 items together.'

test.each([
  ['{"a":1,"b":2,"c":3}', 'taken'],
  ['{"a":1,"b":2,"c":3,"d":4}', MEMBERS],
  ['[{"a":1},{"b":{"c":1}}]', 'taken'],
  ['[{"a":1},{"b":{"c":1}},{"d":1}]', MEMBERS],
  ['{"a":"1:2:3:4:5:6:7,,,,,,"}', 'taken'],
  ['{"a\\":\\"b":"::::::\\\\"}', 'taken'],
  ['[1,2,3]', 'taken'],
  ['[1,2,3,4]', ITEMS],
  ['[ [ ], [ ] , [ ] ]', 'taken'],
  ['[[1],[],[]]', ITEMS],
  ['{"a":[1,2],"b":[3]}', 'taken'],
  ['{"a":[1,2],"b":[3,4]}', ITEMS],
  ['[",,,,,,",2,"]"]', 'taken'],
])('%s: %s', (text, expected) => {
  expect(check(text, { maxJsonMembers: 3, maxJsonItems: 3 })).toBe(expected)
})
