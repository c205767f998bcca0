import { describe, expect, test } from 'vitest'
import type { Definitions, JSONSchema } from '../../src/schema/json-schema.ts'
import { compileValidator } from '../../src/validation/validator.ts'

interface Case {
  readonly schema: JSONSchema
  readonly definitions?: Definitions
  readonly accepts?: readonly unknown[]
  /** A value and the issues it gives, each as `pointer detail`. */
  readonly refuses?: readonly (readonly [value: unknown, ...issues: string[]])[]
}

const object = (properties: JSONSchema['properties'], required: readonly string[] = []): JSONSchema => ({
  type: 'object',
  properties: properties ?? {},
  required,
})

const array = (items: JSONSchema): JSONSchema => ({ type: 'array', items })

const TEXT: JSONSchema = { type: 'string' }

const CASES: { readonly [name: string]: Case } = {
  'an empty schema accepts everything': { schema: {}, accepts: [null, 1, 'x', [1], { a: 1 }, Number.NaN] },
  'type string': {
    schema: { type: 'string' },
    accepts: ['', 'x'],
    refuses: [
      [1, '# must be a string'],
      [null, '# must be a string'],
    ],
  },
  'type boolean': { schema: { type: 'boolean' }, accepts: [true, false], refuses: [['true', '# must be a boolean']] },
  'type null': {
    schema: { type: 'null' },
    accepts: [null],
    refuses: [
      [0, '# must be null'],
      [undefined, '# must be null'],
    ],
  },
  'type number': {
    schema: { type: 'number' },
    accepts: [0, -0, 1.5, Number.MAX_VALUE],
    refuses: [
      ['1', '# must be a number'],
      [Number.NaN, '# must be a number'],
      [JSON.parse('1e999'), '# must be a finite number'],
    ],
  },
  'type integer': {
    schema: { type: 'integer' },
    accepts: [0, 1, -5, 1e300, JSON.parse('1.0')],
    refuses: [
      [1.5, '# must be an integer'],
      ['1', '# must be an integer'],
      [JSON.parse('1e999'), '# must be an integer'],
    ],
  },
  'several types': {
    schema: { type: ['string', 'null', 'integer'], minLength: 2, minimum: 3 },
    accepts: ['ab', null, 3],
    refuses: [
      ['a', '# must have at least 2 characters'],
      [2, '# must be at least 3'],
      [3.5, '# must be an integer'],
      [true, '# must be a string, null or an integer'],
    ],
  },
  'keywords without a type look at their own type only': {
    schema: { minLength: 2, minimum: 3, required: ['a'], minItems: 1 },
    accepts: ['ab', 3, true, null, [1]],
    refuses: [
      ['a', '# must have at least 2 characters'],
      [2, '# must be at least 3'],
      [{}, '#/a is required'],
      [[], '# must have at least 1 item'],
    ],
  },
  'bounds of numbers': {
    schema: { type: 'number', minimum: 1, exclusiveMaximum: 10 },
    accepts: [1, 9.99],
    refuses: [
      [0.5, '# must be at least 1'],
      [10, '# must be less than 10'],
    ],
  },
  'exclusive bounds': {
    schema: { type: 'number', exclusiveMinimum: 1, maximum: 10 },
    accepts: [1.01, 10],
    refuses: [
      [1, '# must be greater than 1'],
      [11, '# must be at most 10'],
    ],
  },
  'multipleOf in decimals': {
    schema: { type: 'number', multipleOf: 0.1 },
    accepts: [0, 0.3, 0.7, -1.1, 4.35 * 10],
    refuses: [
      [0.35, '# must be a multiple of 0.1'],
      [1e-9, '# must be a multiple of 0.1'],
    ],
  },
  'several faults of one value': {
    schema: { type: 'number', maximum: 1, multipleOf: 2 },
    refuses: [[3, '# must be at most 1', '# must be a multiple of 2']],
  },
  'lengths count code points': {
    schema: { type: 'string', minLength: 2, maxLength: 3 },
    accepts: ['ab', '😀😀', '😀😀😀', 'a😀b', '\ud83d\ud83d'],
    refuses: [
      ['😀', '# must have at least 2 characters'],
      ['😀😀😀😀', '# must have at most 3 characters'],
      ['', '# must have at least 2 characters'],
    ],
  },
  'patterns have the u flag and are not anchored': {
    schema: { type: 'string', pattern: '^.$|end' },
    accepts: ['😀', 'the end of it'],
    refuses: [['ab', '# must match the pattern ^.$|end']],
  },
  'an unknown format is an annotation': { schema: { type: 'string', format: 'pokemon' }, accepts: ['anything', ''] },
  'a format is not asked of other types': { schema: { format: 'email' }, accepts: [1, null, 'a@b.example'] },
  'const of any kind': {
    schema: { const: { a: [1, null] } },
    accepts: [{ a: [1, null] }],
    refuses: [
      [{ a: [1] }, '# must be {"a":[1,null]}'],
      [null, '# must be {"a":[1,null]}'],
    ],
  },
  'const null': {
    schema: { const: null },
    accepts: [null],
    refuses: [
      [0, '# must be null'],
      [undefined, '# must be null'],
    ],
  },
  'const false': { schema: { const: false }, accepts: [false], refuses: [[0, '# must be false']] },
  'enum of mixed kinds': {
    schema: { enum: ['a', 1, null, true] },
    accepts: ['a', 1, null, true],
    refuses: [
      ['1', '# must be one of "a", 1, null, true'],
      [false, '# must be one of "a", 1, null, true'],
    ],
  },
  'enum within a type': { schema: { type: 'string', enum: ['a', 1] }, accepts: ['a'], refuses: [[1, '# must be "a"']] },
  'enum with another keyword': {
    schema: { type: 'string', enum: ['a', 'bb'], minLength: 2 },
    accepts: ['bb'],
    refuses: [
      ['a', '# must have at least 2 characters'],
      ['c', '# must be one of "a", "bb"'],
    ],
  },
  'a long enum is cut': {
    schema: { enum: Array.from({ length: 25 }, (_, index) => index) },
    refuses: [[99, `# must be one of ${Array.from({ length: 20 }, (_, index) => index).join(', ')} and 5 more`]],
  },
  'an enum of nothing': { schema: { enum: [] }, refuses: [[1, '# must not be there: no value is allowed']] },
  not: {
    schema: { type: 'string', not: { enum: ['a', 'b'] } },
    accepts: ['c'],
    refuses: [
      ['a', '# must not be "a" or "b"'],
      [1, '# must be a string'],
    ],
  },
  'not a type': {
    schema: { not: { type: 'number' } },
    accepts: ['c'],
    refuses: [[1, '# must not match the excluded type']],
  },
  'not of everything': { schema: { not: {} }, refuses: [[1, '# must not match the excluded type']] },
  'arrays of primitives': {
    schema: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 3 },
    accepts: [[1], [1, 2, 3]],
    refuses: [
      [[], '# must have at least 1 item'],
      [[1, 2, 3, 4], '# must have at most 3 items'],
      [[1, '2', null], '#/1 must be a number', '#/2 must be a number'],
      [[1, JSON.parse('1e999')], '#/1 must be a finite number'],
      [{ 0: 1 }, '# must be an array'],
      ['1', '# must be an array'],
    ],
  },
  'arrays of bounded integers': {
    schema: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 255 } },
    accepts: [[], [0, 255]],
    refuses: [[[0, 256, -1, 1.5], '#/1 must be at most 255', '#/2 must be at least 0', '#/3 must be an integer']],
  },
  'nested arrays of numbers': {
    schema: { type: 'array', items: { type: 'array', items: { type: 'array', items: { type: 'number' } } } },
    accepts: [[], [[[1, 2], [3]], []]],
    refuses: [
      [[[[1, 'x']]], '#/0/0/1 must be a number'],
      [[[1]], '#/0/0 must be an array'],
    ],
  },
  'arrays of anything': { schema: { type: 'array' }, accepts: [[1, 'a', null]], refuses: [[{}, '# must be an array']] },
  'no items at all': {
    schema: { type: 'array', items: false },
    accepts: [[]],
    refuses: [[[1], '#/0 must not be there: at most 0 items']],
  },
  'unique items': {
    schema: { type: 'array', uniqueItems: true },
    accepts: [
      [1, '1', true, null, 'true'],
      [{ a: 1 }, { a: 2 }],
      [[1], ['1']],
      [0, false],
    ],
    refuses: [
      [[1, 2, 1], '# must not have two equal items'],
      [[0, -0], '# must not have two equal items'],
      [
        [
          { a: 1, b: [2] },
          { b: [2], a: 1 },
        ],
        '# must not have two equal items',
      ],
    ],
  },
  tuples: {
    schema: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 1 },
    accepts: [['a'], ['a', 1]],
    refuses: [
      [[], '# must have at least 1 item'],
      [['a', 'b'], '#/1 must be a number'],
      [['a', 1, 2], '#/2 must not be there: at most 2 items'],
    ],
  },
  'tuples with a rest': {
    schema: { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'number' } },
    accepts: [['a'], ['a', 1, 2], []],
    refuses: [
      [['a', 1, 'b'], '#/2 must be a number'],
      [[1], '#/0 must be a string'],
    ],
  },
  'tuples with any rest': { schema: { type: 'array', prefixItems: [{ type: 'string' }] }, accepts: [['a', 1, null]] },
  'required and optional members': {
    schema: object({ text: { type: 'string' }, top: { type: 'number' } }, ['text']),
    accepts: [{ text: 'a' }, { text: 'a', top: 1 }],
    refuses: [
      [{}, '#/text is required'],
      [{ text: 5 }, '#/text must be a string'],
      [{ text: 'a', top: null }, '#/top must be a number'],
      [{ text: undefined }, '#/text is required'],
      [[], '# must be an object'],
      [null, '# must be an object'],
      ['text', '# must be an object'],
    ],
  },
  'members that Object.prototype has': {
    schema: object({ toString: TEXT, constructor: {} }, ['toString', 'constructor', 'valueOf']),
    refuses: [
      [{}, '#/toString is required', '#/constructor is required', '#/valueOf is required'],
      [{ toString: 1, constructor: 1, valueOf: 1 }, '#/toString must be a string'],
    ],
  },
  'a required member that has no schema': {
    schema: { type: 'object', required: ['a'], additionalProperties: {} },
    accepts: [{ a: 1 }],
    refuses: [[{}, '#/a is required']],
  },
  'additionalProperties false': {
    schema: { ...object({ a: {} }), additionalProperties: false },
    accepts: [{ a: 1 }, {}],
    refuses: [[{ a: 1, 'b/c~d': 2, 'e f%': 3 }, '#/b~1c~0d is not a known member', '#/e%20f%25 is not a known member']],
  },
  records: {
    schema: { type: 'object', additionalProperties: { type: 'number' } },
    accepts: [{}, { a: 1, constructor: 2 }],
    refuses: [[{ a: 1, b: 'x' }, '#/b must be a number']],
  },
  'patternProperties and the rest': {
    schema: {
      type: 'object',
      patternProperties: { '^x-': { type: 'string' } },
      additionalProperties: { type: 'number' },
    },
    accepts: [{ 'x-a': 'a', b: 1 }],
    refuses: [[{ 'x-a': 1, b: 'b' }, '#/x-a must be a string', '#/b must be a number']],
  },
  'patternProperties and nothing else': {
    schema: { type: 'object', patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    accepts: [{ 'x-a': 'a' }],
    refuses: [[{ b: 'b' }, '#/b is not a known member']],
  },
  'a pattern counts for a named member too': {
    schema: { ...object({ 'x-a': { type: 'string' } }), patternProperties: { '^x-': { minLength: 2 } } },
    accepts: [{ 'x-a': 'ab' }],
    refuses: [[{ 'x-a': 'a' }, '#/x-a must have at least 2 characters']],
  },
  'a union of scalars': {
    schema: { anyOf: [{ type: 'string', minLength: 2 }, { type: 'number' }] },
    accepts: ['ab', 1],
    refuses: [
      ['a', '# must have at least 2 characters'],
      [true, '# must be a string or a number'],
      [null, '# must be a string or a number'],
    ],
  },
  'a union of constants': {
    schema: { anyOf: [{ const: 'a' }, { enum: ['b', 3] }] },
    accepts: ['a', 'b', 3],
    refuses: [
      ['c', '# must be "a" or must be one of "b", 3'],
      [true, '# must be one of "a", "b", 3'],
    ],
  },
  'a union of scalars of one type': {
    schema: { anyOf: [{ const: 'auto' }, { type: 'string', pattern: '^\\d+$' }] },
    accepts: ['auto', '12'],
    refuses: [['x', '# must be "auto" or must match the pattern ^\\d+$']],
  },
  'a union where one alternative fits the type': {
    schema: { anyOf: [{ type: 'string' }, object({ a: { type: 'number' } }, ['a'])] },
    accepts: ['x', { a: 1 }],
    refuses: [
      [{ a: 'x' }, '#/a must be a number'],
      [1, '# must be a string or an object'],
    ],
  },
  'a union of objects names the nearest': {
    schema: { anyOf: [object({ a: { type: 'number' }, b: { type: 'string' } }, ['a', 'b']), object({ c: {} }, ['c'])] },
    accepts: [{ a: 1, b: 'x' }, { c: 1 }],
    refuses: [
      [{ d: 1 }, '# must match one of its 2 alternatives; the nearest one requires the following', '#/c is required'],
    ],
  },
  'the nearest alternative is the one that has the member': {
    schema: {
      anyOf: [
        object({ a: object({ n: { type: 'number' } }, ['n']) }, ['a']),
        object({ b: object({ n: { type: 'number' } }, ['n']) }, ['b']),
      ],
    },
    accepts: [{ a: { n: 1 } }, { b: { n: 1 } }],
    refuses: [
      [
        { b: { n: '1' } },
        '# must match one of its 2 alternatives; the nearest one requires the following',
        '#/b/n must be a number',
      ],
    ],
  },
  'the nearest alternative is the one whose literal stands further inside': {
    schema: {
      anyOf: [
        object({ kind: object({ t: { const: 'x' } }, ['t']), n: TEXT }, ['kind', 'n']),
        object({ kind: object({ t: { const: 'y' } }, ['t']), s: TEXT, u: TEXT }, ['kind', 's', 'u']),
      ],
    },
    refuses: [
      [
        { kind: { t: 'y' }, n: 'a', s: 5 },
        '# must match one of its 2 alternatives; the nearest one requires the following',
        '#/s must be a string',
        '#/u is required',
      ],
    ],
  },
  'the nearest alternative is the one that most members fit': {
    schema: {
      anyOf: [
        object({ a: TEXT, x: TEXT }, ['a', 'x']),
        object({ a: TEXT, b: TEXT, c: TEXT, d: TEXT, e: TEXT }, ['a', 'b', 'c', 'd', 'e']),
      ],
    },
    refuses: [
      [
        { a: '', b: '', c: '' },
        '# must match one of its 2 alternatives; the nearest one requires the following',
        '#/d is required',
        '#/e is required',
      ],
    ],
  },
  'the nearest alternative of arrays': {
    schema: { anyOf: [array(object({ a: TEXT }, ['a'])), array(object({ b: TEXT }, ['b']))] },
    refuses: [
      [
        [{ b: 'x' }, { b: 5 }],
        '# must match one of its 2 alternatives; the nearest one requires the following',
        '#/1/b must be a string',
      ],
    ],
  },
  'a discriminated union': {
    schema: {
      discriminator: { propertyName: 'kind' },
      anyOf: [
        object({ kind: { const: 'circle' }, radius: { type: 'number' } }, ['kind', 'radius']),
        { $ref: '#/$defs/Square' },
        object({ kind: { enum: [1, null] } }, ['kind']),
      ],
    },
    definitions: { Square: object({ kind: { const: 'square' }, side: { type: 'number' } }, ['kind', 'side']) },
    accepts: [{ kind: 'circle', radius: 1 }, { kind: 'square', side: 1 }, { kind: 1 }, { kind: null }],
    refuses: [
      [{ kind: 'circle', side: 1 }, '#/radius is required'],
      [{ kind: 'square', side: 'x' }, '#/side must be a number'],
      [{ kind: 'x' }, '#/kind must be one of "circle", "square", 1, null: it distinguishes the alternatives'],
      [{}, '#/kind is required and must be one of "circle", "square", 1, null: it distinguishes the alternatives'],
      [[], '# must be an object'],
    ],
  },
  'two alternatives with the same discriminator': {
    schema: {
      discriminator: { propertyName: 'kind' },
      anyOf: [
        object({ kind: { const: 'a' }, x: { type: 'number' } }, ['kind', 'x']),
        object({ kind: { const: 'a' }, y: { type: 'number' } }, ['kind', 'y']),
        object({ kind: { const: 'b' } }, ['kind']),
      ],
    },
    accepts: [{ kind: 'a', x: 1 }, { kind: 'a', y: 1 }, { kind: 'b' }],
    refuses: [
      [
        { kind: 'a' },
        '# must match one of its 2 alternatives; the nearest one requires the following',
        '#/x is required',
      ],
    ],
  },
  'a discriminator that an alternative does not require is a hint only': {
    schema: {
      discriminator: { propertyName: 'kind' },
      anyOf: [object({ kind: { const: 'a' } }), object({ kind: { const: 'b' } }, ['kind'])],
    },
    accepts: [{}, { kind: 'a' }, { kind: 'b' }],
  },
  recursion: {
    schema: { $ref: '#/$defs/Tree' },
    definitions: {
      Tree: object({ value: { type: 'number' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } }, [
        'value',
      ]),
    },
    accepts: [{ value: 1, children: [{ value: 2, children: [] }] }],
    refuses: [
      [
        { value: 1, children: [{ value: 2 }, { children: [{ value: 'x' }] }] },
        '#/children/1/value is required',
        '#/children/1/children/0/value must be a number',
      ],
    ],
  },
  'recursion without objects': {
    schema: { $ref: '#/$defs/Nested' },
    definitions: { Nested: { anyOf: [{ type: 'number' }, { type: 'array', items: { $ref: '#/$defs/Nested' } }] } },
    accepts: [1, [], [1, [2, [3]]]],
    refuses: [[[1, ['x']], '#/1/0 must be a number or an array']],
  },
  'a reference beside keywords': {
    schema: { $ref: '#/$defs/Count', minimum: 3 },
    definitions: { Count: { type: 'integer' } },
    accepts: [3],
    refuses: [
      [2, '# must be at least 3'],
      [3.5, '# must be an integer'],
    ],
  },
  'names of definitions are pointer tokens': {
    schema: { $ref: '#/$defs/Pair%3Ca~1b%3E' },
    definitions: { 'Pair<a/b>': { type: 'number' } },
    accepts: [1],
    refuses: [['x', '# must be a number']],
  },
}

describe('compileValidator', () => {
  for (const [name, { schema, definitions = {}, accepts = [], refuses = [] }] of Object.entries(CASES)) {
    test(name, () => {
      const validator = compileValidator(schema, definitions)
      for (const value of accepts) expect(validator.validate(value)).toEqual({ ok: true, value })
      for (const [value, ...issues] of refuses) expect(issuesOf(validator.validate(value))).toEqual(issues)
    })
  }

  test('refuses a reference to nothing', () => {
    const compile = () => compileValidator({ $ref: '#/$defs/Gone' }, {})
    expect(compile).toThrow('The schema refers to "#/$defs/Gone", which is not defined')
    expect(() => compileValidator({ $ref: '#/$defs/toString' }, {})).toThrow('not defined')
  })

  test('refuses a pattern that does not compile', () => {
    expect(() => compileValidator({ type: 'string', pattern: '(' }, {})).toThrow(
      'The pattern "(" is not a regular expression',
    )
  })
})

describe('the value that predict gets', () => {
  const outputOf = (schema: JSONSchema, value: unknown, definitions: Definitions = {}) => {
    const validation = compileValidator(schema, definitions).validate(value)
    if (!validation.ok) throw new Error(JSON.stringify(validation.issues))
    return validation.value
  }

  test('has no unknown members, at any depth', () => {
    const schema = object({ a: object({ b: {} }), list: { type: 'array', items: object({ c: {} }) } })
    const value = { a: { b: 1, x: 2 }, list: [{ c: 1, x: 2 }], x: 3 }
    expect(outputOf(schema, value)).toEqual({ a: { b: 1 }, list: [{ c: 1 }] })
    expect(value).toEqual({ a: { b: 1, x: 2 }, list: [{ c: 1, x: 2 }], x: 3 })
  })

  test('has defaults where members are missing, decoded, and a fresh one each time', () => {
    const schema = object(
      {
        top: { type: 'integer', default: 3 },
        list: { type: 'array', items: {}, default: [1] },
        at: { type: 'string', 'x-incant-type': 'Date', default: '2024-01-31T12:00:00Z' },
        gone: { type: ['null', 'string'], default: null },
      },
      ['top'],
    )
    const first = outputOf(schema, {})
    expect(first).toEqual({ top: 3, list: [1], at: new Date('2024-01-31T12:00:00Z'), gone: null })
    expect(Reflect.get(Object(first), 'list')).not.toBe(Reflect.get(Object(outputOf(schema, {})), 'list'))
  })

  test('is the array given, where nothing changes in it', () => {
    const tensor = [[1, 2], [3]]
    expect(outputOf({ type: 'array', items: { type: 'array', items: { type: 'number' } } }, tensor)).toBe(tensor)
    const scalars = ['a', 1, null]
    expect(outputOf({ type: 'array', items: { type: ['string', 'number', 'null'] } }, scalars)).toBe(scalars)
  })

  test('keeps members that any accepting alternative knows', () => {
    const schema: JSONSchema = {
      anyOf: [object({ a: {} }, ['a']), object({ a: {}, b: { type: 'number' } }, ['a', 'b'])],
    }
    expect(outputOf(schema, { a: 1, b: 2, c: 3 })).toEqual({ a: 1, b: 2 })
    expect(outputOf(schema, { a: 1, b: 'x' })).toEqual({ a: 1 })
    const lists: JSONSchema = {
      anyOf: [
        { type: 'array', items: object({ a: {} }) },
        { type: 'array', items: object({ b: {} }) },
      ],
    }
    expect(outputOf(lists, [{ a: 1, b: 2, c: 3 }])).toEqual([{ a: 1, b: 2 }])
  })

  test('takes the first scalar that accepts, and keeps decoded values whole when alternatives meet', () => {
    const date: JSONSchema = { type: 'string', 'x-incant-type': 'Date' }
    expect(outputOf({ anyOf: [date, { type: 'string' }] }, '2024-01-31T12:00:00Z')).toEqual(
      new Date('2024-01-31T12:00:00Z'),
    )
    const both: JSONSchema = { anyOf: [object({ at: date }), object({ at: { type: 'string' }, b: {} })] }
    expect(outputOf(both, { at: '2024-01-31T12:00:00Z', b: 1 })).toEqual({ at: new Date('2024-01-31T12:00:00Z'), b: 1 })
  })

  test('comes from every part of a schema with siblings', () => {
    const schema: JSONSchema = { ...object({ a: {} }), anyOf: [object({ b: {} }, ['b']), object({ c: {} }, ['c'])] }
    expect(outputOf(schema, { a: 1, b: 2, x: 3 })).toEqual({ a: 1, b: 2 })
  })

  test('cannot have its prototype changed', () => {
    const polluting = JSON.parse('{"__proto__":{"polluted":1},"a":1}')
    for (const schema of [
      object({ a: {} }),
      { type: 'object', additionalProperties: {} },
      object(JSON.parse('{"__proto__":{"type":"object","additionalProperties":{}},"a":{}}')),
      { anyOf: [{ type: 'object', additionalProperties: {} }, object({ a: {} })] },
    ] satisfies JSONSchema[]) {
      const value = outputOf(schema, polluting)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Reflect.get(Object(value), 'polluted')).toBeUndefined()
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('limits', () => {
  const numbers = compileValidator({ type: 'array', items: { type: 'number' } }, {})

  test('stops at 50 issues', () => {
    const bad = Array.from({ length: 100_000 }, () => 'x')
    const record = compileValidator({ type: 'object', additionalProperties: { type: 'number' } }, {})
    const nested = compileValidator({ type: 'array', items: { type: 'array', items: { type: 'number' } } }, {})
    expect(issuesOf(numbers.validate(bad))).toHaveLength(50)
    expect(issuesOf(record.validate(Object.fromEntries(bad.map((item, index) => [`k${index}`, item]))))).toHaveLength(
      50,
    )
    expect(issuesOf(nested.validate([bad.slice(0, 49), bad, bad]))).toHaveLength(50)
  })

  test('reads few of 100,000 bad items', () => {
    let reads = 0
    const counted = new Proxy(
      Array.from({ length: 100_000 }, () => 'x'),
      {
        get: (target, key) => {
          reads++
          return Reflect.get(target, key)
        },
      },
    )
    expect(issuesOf(numbers.validate(counted))).toHaveLength(50)
    expect(reads).toBeLessThan(500)
  })

  test('finds the one bad number of 150,528', () => {
    const tensor: unknown[] = Array.from({ length: 150_528 }, (_, index) => index / 7)
    expect(numbers.validate(tensor)).toEqual({ ok: true, value: tensor })
    tensor[150_527] = null
    expect(issuesOf(numbers.validate(tensor))).toEqual(['#/150527 must be a number'])
  })

  test('takes long strings and many bytes', () => {
    const bytes = compileValidator({ type: 'string', 'x-incant-type': 'Uint8Array' }, {})
    const validation = bytes.validate('AAAA'.repeat(2_500_000))
    expect(validation.ok && validation.value instanceof Uint8Array && validation.value.length).toBe(7_500_000)
    for (const format of ['email', 'uri', 'hostname', 'date-time', 'ipv6']) {
      expect(compileValidator({ type: 'string', format }, {}).validate('a.'.repeat(5_000_000)).ok).toBe(false)
    }
  })

  test('alternatives that both recurse take no exponential time', () => {
    const tree: JSONSchema = {
      anyOf: [object({ next: { $ref: '#/$defs/Tree' } }), object({ next: { $ref: '#/$defs/Tree' }, b: {} }, ['b'])],
    }
    let value: unknown = { next: 'not a tree' }
    for (let depth = 0; depth < 60; depth++) value = { next: value }
    const validator = compileValidator({ $ref: '#/$defs/Tree' }, { Tree: tree })
    expect(validator.validate(value).ok).toBe(false)
    let good: unknown = { b: 1 }
    for (let depth = 0; depth < 60; depth++) good = { b: 1, next: good }
    expect(validator.validate(good)).toEqual({ ok: true, value: good })
  })

  test.each<[string, JSONSchema]>([
    ['a reference to no definition', { $ref: '#/$defs/Nothing' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a pattern for names that is none', { patternProperties: { '(': {} } }],
  ])('%s is found at once where thousands of definitions come before it', (_, faulty) => {
    const { schema, definitions } = manyTypes(faulty)
    expect(() => compileValidator(schema, definitions)).toThrow(/which is not defined|is not a regular expression/)
  })

  test('what is compiled late says the same', () => {
    const { schema, definitions } = manyTypes({ type: 'string', format: 'date-time', 'x-incant-type': 'Date' })
    const validator = compileValidator(schema, definitions)
    expect(validator.validate({ m7: { text: 'a' }, m7999: { late: '2026-11-26T00:00:00Z' } })).toEqual({
      ok: true,
      value: { m7: { text: 'a' }, m7999: { late: new Date('2026-11-26T00:00:00Z') } },
    })
    expect(issuesOf(validator.validate({ m7: { text: 1 }, m7999: { text: 2, late: 3 } }))).toEqual([
      '#/m7/text must be a string',
      '#/m7999/text must be a string',
      '#/m7999/late must be a string',
    ])
  })

  test('refuses a value that is deeper than the stack', () => {
    let value: unknown[] = []
    for (let depth = 0; depth < 1_000_000; depth++) value = [value]
    const validator = compileValidator(
      { $ref: '#/$defs/Nested' },
      { Nested: { type: 'array', items: { $ref: '#/$defs/Nested' } } },
    )
    expect(issuesOf(validator.validate(value))).toEqual(['# is nested too deeply'])
  })
})

/** An object with a member of each of 8,000 types, more than are compiled at once. */
function manyTypes(late: JSONSchema): { readonly schema: JSONSchema; readonly definitions: Definitions } {
  const names = Array.from({ length: 8000 }, (_, index) => `${index}`)
  const types = names.map(name => [`T${name}`, object({ text: { type: 'string' }, late: { $ref: '#/$defs/Late' } })])
  const properties = names.map(name => [`m${name}`, { $ref: `#/$defs/T${name}` }])
  return {
    schema: object(Object.fromEntries(properties)),
    definitions: { ...Object.fromEntries(types), Late: late },
  }
}

function issuesOf(validation: ReturnType<ReturnType<typeof compileValidator>['validate']>): readonly string[] {
  return validation.ok ? [] : validation.issues.map(({ pointer, detail }) => `${pointer} ${detail}`)
}
