import { expect, test } from 'vitest'
import { refusalOfSource } from './project.ts'
import { expectVerdicts } from './verdict-case.ts'

test('an interface that does nothing but extend an array is one, also a generic one', () => {
  expectVerdicts({
    name: '',
    declare: `/** @minimum 0 */ type Score = number
interface List<T> extends Array<T> {}
interface Rows<T> extends ReadonlyArray<T[]> {}
interface Maybe<T> extends List<T | null> {}
interface Nested extends Array<string | Nested> {}
type DeepPartial<T> = T extends (infer Item)[] ? DeepItems<Item> : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T
interface DeepItems<T> extends Array<DeepPartial<T>> {}`,
    payload:
      '{ list: List<Score>; rows: Rows<number>; maybe?: Maybe<boolean>; nested?: Nested; deep?: DeepPartial<{ a: { b: string }[] }> }',
    accept: [
      { list: [1], rows: [[1]] },
      { list: [], rows: [], maybe: [null, true], nested: ['a', ['b']], deep: { a: [{}, { b: 'x' }] } },
    ],
    refuse: [
      { list: [-1], rows: [] },
      { list: [], rows: [1] },
      { list: [], rows: [], maybe: ['x'] },
      { list: [], rows: [], nested: [[1]] },
      { list: [], rows: [], deep: { a: [{ b: 1 }] } },
    ],
  })
})

test.each([
  ['interface Named<T> extends Array<T> { label: string }'],
  ['class Named<T> extends Array<T> { label = "" }'],
])('%s is refused once', declare => {
  const { message } = refusalOfSource(
    `${declare}\nexport class P extends BasePredictor { predict(payload: { a: Named<string> }) {} }`,
  )
  expect(message).toBe(
    'P.predict, parameter payload: payload.a is an array with more than its elements, which JSON cannot carry\nWrite T[], or an object with the array as a member.',
  )
})
