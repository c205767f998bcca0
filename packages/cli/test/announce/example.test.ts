import type { Definitions, JSONSchema } from 'incant'
import { compileValidator } from 'incant/internal'
import { numberArraySchema } from 'incant/internal/signature'
import { describe, expect, it } from 'vitest'
import { proposeExample } from '../../src/announce/example.ts'

const TREE: Definitions = {
  Tree: {
    type: 'object',
    properties: { value: { type: 'number' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    required: ['value', 'children'],
  },
  List: {
    type: 'object',
    properties: { head: { type: 'string' }, tail: { anyOf: [{ $ref: '#/$defs/List' }, { type: 'null' }] } },
    required: ['head', 'tail'],
  },
}

describe('proposeExample', () => {
  it.each<[JSONSchema, unknown]>([
    [{ type: 'string', examples: ['written'], default: 'default' }, 'written'],
    [{ type: 'string', default: 'default' }, 'default'],
    [{ const: 5 }, 5],
    [{ enum: ['b', 'a'] }, 'b'],
    [{ type: 'boolean' }, true],
    [{ type: ['null', 'number'] }, 1],
    [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, 'text'],
    [{}, {}],
  ])('proposes for %j', (schema, value) => {
    expect(proposeExample(schema, {})).toEqual(value)
  })

  it('shows required members, and those that have an example', () => {
    const member: JSONSchema = { type: 'number' }
    const properties = { needed: member, left: member, shown: { ...member, default: 7 } }
    expect(proposeExample({ type: 'object', properties, required: ['needed'] }, {})).toEqual({ needed: 1, shown: 7 })
  })

  it.each<[string, JSONSchema]>([
    ['numbers between bounds', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }],
    ['numbers below zero', { type: 'integer', maximum: -3 }],
    ['multiples', { type: 'number', minimum: 5, multipleOf: 4 }],
    ['multiples below a bound', { type: 'number', maximum: 0.5, multipleOf: 0.25 }],
    ['long texts', { type: 'string', minLength: 40 }],
    ['short texts', { type: 'string', maxLength: 2 }],
    ...['date-time', 'date', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'duration'].map(
      (format): [string, JSONSchema] => [format, { type: 'string', format }],
    ),
    ['dates', { type: 'string', format: 'date-time', 'x-incant-type': 'Date' }],
    ['big integers', { type: 'string', pattern: '^-?[0-9]+$', 'x-incant-type': 'bigint' }],
    ['numbers of 32 bits', numberArraySchema('Float32Array')],
    ['integers of 64 bits', numberArraySchema('BigUint64Array')],
    ['bytes', { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' }],
    ['tuples', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 2 }],
    ['arrays of at least three', { type: 'array', items: { type: 'string' }, minItems: 3 }],
    ['trees', { $ref: '#/$defs/Tree' }],
    ['lists', { $ref: '#/$defs/List' }],
  ])('proposes what is accepted for %s', (_name, schema) => {
    expect(compileValidator(schema, TREE).validate(proposeExample(schema, TREE))).toMatchObject({ ok: true })
  })
})
