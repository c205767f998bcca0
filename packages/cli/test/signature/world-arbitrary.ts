import fc from 'fast-check'
import type { JSONValue } from 'incant'
import type { RandomType } from './type-arbitrary.ts'

/** Named types that refer to themselves and each other, and one of them as a payload. */
export interface World extends RandomType {
  /** The declarations of the names. */
  readonly declare: string
  /** The same with the brands of strings left out, which no value has: what the checker compares values with. */
  readonly plain: string
}

const NAMES = ['N0', 'N1', 'N2', 'N3'] as const
type Name = (typeof NAMES)[number]

/** Values of the names, inside each other to a depth that ends. */
type Values = (name: Name) => fc.Arbitrary<JSONValue>

/** A member's type: how it is written with other names in it, and its values. */
interface Form {
  readonly text: string
  readonly value: (values: Values) => fc.Arbitrary<JSONValue>
}

const BRANDED = "string & { readonly __brand: 'x' }"
const text = fc.constantFrom('', 'a', 'left')

/** Ways in which a member refers to one name or two. */
const FORMS: readonly ((one: Name, two: Name) => Form)[] = [
  one => ({ text: one, value: values => values(one) }),
  one => ({ text: `${one} | null`, value: values => fc.oneof(fc.constant(null), values(one)) }),
  (one, two) => ({ text: `${one} | ${two} | string`, value: values => fc.oneof(text, values(one), values(two)) }),
  one => ({ text: `${one} & { side: 'left' }`, value: values => merged(values(one), fc.constant({ side: 'left' })) }),
  one => ({ text: `${one} & { note?: string }`, value: values => values(one) }),
  one => ({ text: `${one} & { readonly __is: 1 }`, value: values => merged(values(one), fc.constant({ __is: 1 })) }),
  (one, two) => ({ text: `${one} & ${two}`, value: values => merged(values(one), values(two)) }),
  (one, two) => ({
    text: `(${one} | ${two}) & { more: ${one} | null }`,
    value: values => merged(fc.oneof(values(one), values(two)), fc.constant({ more: null })),
  }),
  one => ({ text: `readonly ${one}[]`, value: values => fc.array(values(one), { maxLength: 2 }) }),
  one => ({ text: `(${one} & { n: number })[] | null`, value: () => fc.constantFrom<JSONValue>(null, []) }),
  one => ({ text: `[${one}, string?]`, value: values => fc.tuple(values(one)) }),
  one => ({
    text: `Record<string, ${one} | 5>`,
    value: values => fc.dictionary(text, fc.oneof(fc.constant(5), values(one)), { maxKeys: 2 }),
  }),
  one => ({ text: `Box<${one}>`, value: values => fc.record({ of: values(one) }) }),
  one => ({ text: `Readonly<Pick<${one}, 'id'>>`, value: values => values(one) }),
  one => ({ text: `Partial<${one}> & { id: string }`, value: values => values(one) }),
  () => ({ text: BRANDED, value: () => text }),
  one => ({ text: `${BRANDED} | ${one}`, value: values => fc.oneof(text, values(one)) }),
]

/** Both have `id`; the names of the other members are those of their own type, so that no two contradict each other. */
function merged(left: fc.Arbitrary<JSONValue>, right: fc.Arbitrary<JSONValue>): fc.Arbitrary<JSONValue> {
  return fc.tuple(left, right).map(([one, two]) => ({ ...(one as object), ...(two as object) }))
}

const name = fc.constantFrom(...NAMES)
const form: fc.Arbitrary<Form> = fc
  .tuple(fc.constantFrom(...FORMS), name, name)
  .map(([write, one, two]) => write(one, two))

/** Every member but `id` is optional, so that every name has a value that ends. */
const members = fc.array(form, { minLength: 1, maxLength: 3 })

/** Worlds of four names. */
export const randomWorld: fc.Arbitrary<World> = fc
  .record({ N0: members, N1: members, N2: members, N3: members })
  .map(forms => {
    const declare = ['export interface Box<T> { of: T }', ...NAMES.map(each => declaration(each, forms[each]))].join(
      '\n',
    )
    const plain = declare.replaceAll(BRANDED, 'string')
    return { text: 'N0', declare, plain, value: valuesOf(forms)('N0') }
  })

function declaration(name: Name, forms: readonly Form[]): string {
  const texts = forms.map(({ text }, index) => `${memberName(name, index)}?: ${text}`)
  return `export interface ${name} { id: string; ${texts.join('; ')} }`
}

function memberName(name: Name, index: number): string {
  return `${name.toLowerCase()}_${index}`
}

function valuesOf(forms: Readonly<Record<Name, readonly Form[]>>): Values {
  const depth = fc.createDepthIdentifier()
  const values: Values = name =>
    fc.oneof(
      { maxDepth: 3, depthIdentifier: depth },
      fc.record({ id: text }),
      fc.constant(undefined).chain(() => record(name)),
    )
  const record = (name: Name): fc.Arbitrary<JSONValue> => {
    const entries = forms[name].map((each, index) => [memberName(name, index), each.value(values)] as const)
    return fc.record({ id: text, ...Object.fromEntries(entries) }, { requiredKeys: ['id'] })
  }
  return values
}
