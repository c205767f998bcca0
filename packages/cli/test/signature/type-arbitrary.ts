import fc from 'fast-check'
import type { JSONValue } from 'incant'

/** A TypeScript type as source text, with the JSON values that it should accept. */
export interface RandomType {
  readonly text: string
  readonly value: fc.Arbitrary<JSONValue>
}

/** Declarations that random types refer to. */
export const DECLARATIONS = 'interface Tree { leaf: number; kids: Tree[]; left?: Tree | null }'

const text = fc.constantFrom('', 'a', 'b', 'é😀', '5', 'x-5', 'x-', 'x-1.5e3', 'x-y', 'one-y', '-y', 'null')
const number = fc.constantFrom(0, 1, 2, -5, 1.5, 1e21)
// Names that neither strings nor arrays have, `0` and `length` above all: a type asks for no more than its members.
const names = ['a', 'b', 'c', 'kind', 'key-1'] as const
const name = fc.constantFrom(...names)

const anyValue: fc.Arbitrary<JSONValue> = fc.letrec<{ value: JSONValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(name, fc.constantFrom('x-1', 'other')), tie('value'), { maxKeys: 3 }),
  ),
})).value

const tree: fc.Arbitrary<JSONValue> = fc.letrec<{ tree: JSONValue }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    fc.record({ leaf: number, kids: fc.constant([]) }),
    fc.record(
      { leaf: number, kids: fc.array(tie('tree'), { maxLength: 2 }), left: fc.option(tie('tree')) },
      { requiredKeys: ['leaf', 'kids'] },
    ),
  ),
})).tree

const SCALARS: readonly RandomType[] = [
  { text: 'string', value: text },
  { text: 'number', value: number },
  { text: 'boolean', value: fc.boolean() },
  { text: 'null', value: fc.constant(null) },
  { text: 'unknown', value: anyValue },
  { text: 'object', value: fc.constantFrom<JSONValue>([], {}, [1], { a: 1 }) },
  { text: '{}', value: fc.constantFrom<JSONValue>('', 0, false, [], { a: 1 }) },
  { text: 'Tree', value: tree },
  { text: `\`x-\${number}\``, value: fc.constantFrom('x-5', 'x-1.5e3') },
  { text: `\`\${string}-y\``, value: fc.constantFrom('x-y', '-y', 'one-y') },
  { text: "'a'", value: fc.constant('a') },
  { text: "'b'", value: fc.constant('b') },
  { text: '1', value: fc.constant(1) },
  { text: 'true', value: fc.constant(true) },
]

/** Types of every form whose values look the same in TypeScript and in JSON. */
export const randomType: fc.Arbitrary<RandomType> = fc.letrec<{ type: RandomType }>(tie => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...SCALARS),
    objectType(tie('type')),
    fc.array(tie('type'), { minLength: 2, maxLength: 3 }).map(unionType),
    tie('type').map(arrayType),
    tie('type').map(recordType),
    fc.tuple(fc.array(tie('type'), { maxLength: 2 }), fc.option(tie('type')), fc.option(tie('type'))).map(tupleType),
    fc.tuple(objectType(tie('type'), names.slice(0, 2)), objectType(tie('type'), names.slice(2))).map(intersectionType),
    objectType(tie('type')).chain(mappedType),
  ),
})).type

/** A value of a type, such a value with a part of it changed, or any other. */
export function valueFor(type: RandomType): fc.Arbitrary<JSONValue> {
  const changed = fc.tuple(type.value, fc.array(fc.nat(3), { maxLength: 3 }), anyValue)
  return fc.oneof(
    type.value,
    changed.map(([value, path, other]) => change(value, path, other)),
    anyValue,
  )
}

function change(value: JSONValue, [step, ...path]: readonly number[], other: JSONValue): JSONValue {
  if (step === undefined || typeof value !== 'object' || value === null) return other
  const names = Object.keys(value)
  const chosen = names[step % Math.max(names.length, 1)]
  const entries = Object.entries(value).flatMap(([key, inner]) =>
    key !== chosen
      ? [[key, inner] as const]
      : path.length === 0 && step > 1
        ? []
        : [[key, change(inner, path, other)] as const],
  )
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

interface Member {
  readonly name: string
  readonly optional: boolean
  readonly type: RandomType
}

interface ObjectType extends RandomType {
  readonly members: readonly Member[]
}

/** One member is required: TypeScript refuses what shares no member with a type that has only optional ones. */
function objectType(type: fc.Arbitrary<RandomType>, among: readonly string[] = names): fc.Arbitrary<ObjectType> {
  const member = fc.record({ name: fc.constantFrom(...among), optional: fc.boolean(), type })
  return fc
    .uniqueArray(member, { minLength: 1, maxLength: 3, selector: ({ name }) => name })
    .map(members => toObject(members.map((each, index) => (index === 0 ? { ...each, optional: false } : each))))
}

function toObject(members: readonly Member[]): ObjectType {
  const texts = members.map(({ name, optional, type }) => `${JSON.stringify(name)}${optional ? '?' : ''}: ${type.text}`)
  const values = Object.fromEntries(members.map(({ name, type }) => [name, type.value]))
  const requiredKeys = members.filter(({ optional }) => !optional).map(({ name }) => name)
  return { text: `{ ${texts.join('; ')} }`, value: fc.record(values, { requiredKeys }), members }
}

function unionType(types: readonly RandomType[]): RandomType {
  return { text: types.map(({ text }) => `(${text})`).join(' | '), value: fc.oneof(...types.map(({ value }) => value)) }
}

function arrayType({ text, value }: RandomType): RandomType {
  return { text: `readonly (${text})[]`, value: fc.array(value, { maxLength: 3 }) }
}

function recordType({ text, value }: RandomType): RandomType {
  return { text: `Record<string, ${text}>`, value: fc.dictionary(name, value, { maxKeys: 3 }) }
}

function tupleType([required, optional, rest]: readonly [
  readonly RandomType[],
  RandomType | null,
  RandomType | null,
]): RandomType {
  const texts = [
    ...required.map(({ text }) => text),
    ...(optional === null ? [] : [`(${optional.text})?`]),
    ...(rest === null ? [] : [`...(${rest.text})[]`]),
  ]
  const fixed = fc.tuple(...required.map(({ value }) => value))
  const last = optional === null ? fc.constant([]) : fc.array(optional.value, { maxLength: 1 })
  return { text: `[${texts.join(', ')}]`, value: fc.tuple(fixed, last).map(parts => parts.flat()) }
}

/** Of objects with members of their own: a primitive in both would be a brand of the other, and JSON has none. */
function intersectionType([left, right]: readonly [ObjectType, ObjectType]): RandomType {
  const value = fc.tuple(left.value, right.value).map(([one, two]) => Object.assign({}, one, two))
  return { text: `(${left.text}) & (${right.text})`, value }
}

function mappedType({ text, value, members }: ObjectType): fc.Arbitrary<RandomType> {
  const [first] = members.map(({ name }) => JSON.stringify(name))
  return fc.constantFrom(
    { text: `Readonly<${text}>`, value },
    { text: `Required<${text}>`, value },
    { text: `Pick<${text}, ${first}>`, value },
    { text: `{ [K in keyof (${text})]: (${text})[K] }`, value },
  )
}
