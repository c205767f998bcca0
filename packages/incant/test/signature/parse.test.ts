import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StartupError } from '../../src/errors/startup-error.ts'
import { parseSignature } from '../../src/signature/parse.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { DEFINITIONS, schemas } from '../validation/arbitraries.ts'

const MINIMAL = { version: 1, className: 'Predictor', parameters: [], returns: [], definitions: {} } as const

describe('parseSignature', () => {
  test('reads the least there can be', () => {
    expect(parseSignature(MINIMAL)).toEqual(MINIMAL)
  })

  test('gives back every signature', () => {
    fc.assert(
      fc.property(signatures(), signature => {
        expect(parseSignature(JSON.parse(JSON.stringify(signature)))).toEqual(signature)
      }),
      { numRuns: 500 },
    )
  })

  const payload = (schema: unknown) => ({ ...MINIMAL, parameters: [{ name: 'payload', role: 'payload', schema }] })
  const roles = (...names: string[]) => ({ ...MINIMAL, parameters: names.map(role => ({ name: role, role })) })
  const at = '#/parameters/0/schema'

  const REFUSED: readonly (readonly [name: string, data: unknown, found: string])[] = [
    ['no object', 'text', 'Signature data that is no object'],
    ['null', null, 'Signature data that is no object'],
    ['no version', {}, 'Signature data of version undefined'],
    ['another version', { ...MINIMAL, version: 2 }, 'Signature data of version 2'],
    ['a missing member', { version: 1 }, 'the signature data is not valid at #/className: is required'],
    [
      'an unknown member',
      { ...MINIMAL, extra: 1 },
      'the signature data is not valid at #/extra: is not a known member',
    ],
    [
      'an unknown role',
      roles('body'),
      'the signature data is not valid at #/parameters/0/role: must be one of "payload", ',
    ],
    [
      'two bodies',
      roles('payload', 'form'),
      '#/parameters/1/role: must not ask for the body, which another parameter has',
    ],
    ['two of a role', roles('context', 'request', 'context'), '#/parameters/2/role: must not be context a second time'],
    [
      'a form of another role',
      { ...MINIMAL, parameters: [{ name: 'a', role: 'blob', bodyClass: 'Buffer' }] },
      '#/parameters/0/bodyClass: must not be Buffer where the role is blob',
    ],
    [
      'a schema of another role',
      { ...MINIMAL, parameters: [{ name: 'a', role: 'context', schema: {} }] },
      '#/parameters/0/schema: must not be there where the role is context',
    ],
    ['an unknown keyword', payload({ oneOf: [] }), `${at}/oneOf: is not a known member`],
    ['a keyword of another type', payload({ minimum: '1' }), `${at}/minimum: must be a number`],
    ['an unknown type', payload({ properties: { a: { type: 'date' } } }), `${at}/properties/a/type: must be`],
    ['a reference to elsewhere', payload({ $ref: 'https://example.com' }), `${at}/$ref: must match the pattern`],
    [
      'a dangling reference',
      payload({ items: { $ref: '#/$defs/Gone' } }),
      `${at}/items/$ref: refers to #/$defs/Gone, which is not among the definitions`,
    ],
    ['a reference to what every object has', payload({ $ref: '#/$defs/toString' }), 'not among the definitions'],
    [
      'an endless reference',
      { ...MINIMAL, definitions: { A: { anyOf: [{ $ref: '#/$defs/B' }, {}] }, B: { $ref: '#/$defs/A' } } },
      '#/definitions/A/anyOf/0/$ref: refers to #/$defs/B, which leads back here without a value in between',
    ],
    [
      'a bad pattern',
      payload({ type: 'string', pattern: '(' }),
      `${at}: has the pattern "(", which is not a regular expression`,
    ],
    ['a bad member pattern', payload({ patternProperties: { '[': {} } }), `${at}: has the pattern "["`],
    [
      'a default of another type',
      payload({ properties: { a: { type: 'string', default: 1 } } }),
      `${at}/properties/a/default: must be a string`,
    ],
    ['a bad config', { ...MINIMAL, config: { schema: { $ref: '#/$defs/Gone' } } }, '#/config/schema/$ref: refers to'],
    [
      'a bad return',
      { ...MINIMAL, returns: [{ kind: 'stream', schema: { $ref: '#/$defs/Gone' } }] },
      '#/returns/0/schema/$ref: refers to',
    ],
  ]

  for (const [name, data, found] of REFUSED) {
    test(`refuses ${name}`, () => {
      const error = thrownBy(() => parseSignature(data))
      expect(error).toMatchObject({ code: 'invalid_signature', found: expect.stringContaining(found) })
      expect(StartupError.is(error) && error.instead).toMatch(/ead the signature again from the source/)
    })
  }

  test('takes the body together with the request, the context and tasks', () => {
    const signature = roles('payload', 'request', 'context', 'tasks')
    expect(parseSignature(signature)).toEqual(signature)
  })
})

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('It did not throw')
}

function signatures(): fc.Arbitrary<PredictSignature> {
  const text = fc.string()
  const schema = schemas.map(made => JSON.parse(JSON.stringify(made)))
  const location = fc.record({ file: text, line: fc.nat(), column: fc.nat() }, { requiredKeys: ['file'] })
  const body = fc.oneof(
    fc.record(
      { name: text, role: fc.constantFrom('payload', 'text'), schema, optional: fc.boolean() },
      { requiredKeys: ['name', 'role'] },
    ),
    fc.record(
      { name: text, role: fc.constant('bytes'), bodyClass: fc.constantFrom('Buffer', 'ArrayBuffer') },
      { requiredKeys: ['name', 'role'] },
    ),
    fc.record({ name: text, role: fc.constantFrom('stream', 'form') }),
  )
  const others = fc.subarray(['request', 'context', 'tasks']).map(roles => roles.map(role => ({ name: role, role })))
  const returns = fc.array(
    fc.record({ kind: fc.constantFrom('json', 'text', 'stream'), schema }, { requiredKeys: ['kind'] }),
    { maxLength: 2 },
  )
  const members = {
    version: fc.constant(1),
    className: text,
    exportName: text,
    description: text,
    deprecated: fc.boolean(),
    location,
    parameters: fc.tuple(body, others).map(([first, rest]) => [first, ...rest]),
    returns,
    config: fc.record({ schema, optional: fc.boolean() }, { requiredKeys: ['schema'] }),
    definitions: fc.constant(DEFINITIONS),
  }
  const required = ['version', 'className', 'parameters', 'returns', 'definitions'] as const
  // The arbitraries above are the type, member by member; fast-check widens their literals. JSON has no prototypes of null.
  return fc
    .record(members, { requiredKeys: [...required] })
    .map(made => JSON.parse(JSON.stringify(made)) as PredictSignature)
}
