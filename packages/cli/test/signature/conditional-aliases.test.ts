import { expect, test } from 'vitest'
import { readSource } from './project.ts'

/** What a conditional type can ask for that a number, a text or a list might be taken for once it has a mark. */
const CONDITIONS = [
  'T extends object ? { wrapped: T } : T',
  'T extends object | null ? { wrapped: T } : T',
  'T extends object | undefined ? { wrapped: T } : T',
  'T extends Date | object ? { wrapped: T } : T',
  'T extends Some ? { wrapped: T } : T',
  'T extends Keyed ? { wrapped: T } : T',
  'T extends { [key: string]: unknown } ? { wrapped: T } : T',
  'T extends Readonly<Record<string, unknown>> ? { wrapped: T } : T',
  'T extends Record<PropertyKey, any> ? { wrapped: T } : T',
  'T extends (object) ? { wrapped: T } : T',
  'T extends {} ? { some: T } : T',
  'T extends Object ? { some: T } : T',
  'T extends { length: number } ? { long: T } : T',
  'T extends { toFixed(): string } ? { number: T } : T',
  'T extends string | number | boolean ? T : { wrapped: T }',
  'T extends readonly (infer U)[] ? { of: U } : T extends object | Date ? { wrapped: T } : T',
  '[T] extends [object] ? { wrapped: T } : T',
  '[T] extends [object | null] ? { wrapped: T } : T',
  'T[] extends object[] ? { wrapped: T } : T',
  'Asks<T, object>',
  'Asks<T, number>',
  'Exclude<T | null, object | null>',
  '{ x?: Extract<T, object> }',
  '{ a: T } extends { a: object } ? { wrapped: T } : T',
]

const DECLARE = `type Some = object
interface Keyed { [key: string]: any }
type Asks<T, U> = T extends U ? { wrapped: T } : T
`
const ALIASES = {
  number: ['@minimum 0', 'number'],
  text: ['@minLength 2', 'string'],
  list: ['@minItems 1', 'number[]'],
  template: ['@maxLength 6', `\`\${number}px\``],
} as const

const NAME = '%s is answered the same with constraints on what is asked about'

test.each(CONDITIONS)(NAME, { tags: ['slow'] }, condition => {
  const read = (tag: (index: number) => string) => {
    const aliases = Object.values(ALIASES).map(([, type], index) => `${tag(index)} type A${index} = ${type}\n`)
    const members = aliases.map((_, index) => `m${index}: Asked<A${index}>`)
    const source = `import { BasePredictor } from 'incant'
${DECLARE}${aliases.join('')}type Asked<T> = ${condition}
export class P extends BasePredictor { predict(payload: { ${members.join('; ')} }) {} }`
    return readSource(source).signatures[0]?.parameters[0]?.schema
  }
  const plain = read(() => '')
  const constrained = read(index => `/** ${Object.values(ALIASES)[index]?.[0]} */`)
  expect(withoutConstraints(constrained)).toEqual(plain)
  // They hold, too: each alias is somewhere in the schema, unless the condition took it out.
  if (!condition.includes('Extract')) expect(JSON.stringify(constrained)).toMatch(/"minimum":0.*"minLength":2/)
})

const TAGS = new Set(['minimum', 'minLength', 'minItems', 'maxLength'])

function withoutConstraints(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutConstraints)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key]) => !TAGS.has(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutConstraints(value)]))
}
