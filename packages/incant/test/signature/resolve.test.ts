import { describe, expect, test } from 'vitest'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor, batch } from '../../src/predictor/batch-predictor.ts'
import { SequencePredictor } from '../../src/predictor/sequence-predictor.ts'
import { input, takes, withFullRequest } from '../../src/signature/decorators.ts'
import { bodyParameter, resolveSignature } from '../../src/signature/resolve.ts'
import type { PredictSignature, Role } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'

/** A predictor whose predict has this decorator. */
function decorated(decorate: ReturnType<typeof takes>): PredictorClass {
  class Decorated extends BasePredictor {
    @decorate
    predict(..._anything: unknown[]): void {}
  }
  return Decorated
}

const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
const schema = { type: 'string' } as const
const bare = decorated(() => {})

const rolesOf = ({ parameters }: PredictSignature): Role[] => parameters.map(({ role }) => role)

describe('predict gets', () => {
  test('what the types that were read say', () => {
    const read = signatureOf({ role: 'request' }, { role: 'payload', schema })
    const { signature, validator, unchecked } = resolveSignature(bare, read)
    expect({ signature, unchecked }).toEqual({ signature: read, unchecked: false })
    expect(validator?.validate(5)).toMatchObject({ ok: false })
  })

  test('what decorators say, which win; what the types know of the same role still holds', () => {
    const read = signatureOf({ role: 'payload', schema, name: 'passage' }, { role: 'context' })
    const { signature, validator } = resolveSignature(decorated(takes('tasks', 'payload')), read)
    expect(signature.parameters).toEqual([
      { name: 'passage', role: 'tasks' },
      { name: 'passage', role: 'payload', schema },
    ])
    expect(validator).toBeDefined()
    expect(rolesOf(resolveSignature(decorated(withFullRequest), read).signature)).toEqual(['request'])
  })

  test('nothing, where @takes says nothing', () => {
    expect(resolveSignature(decorated(takes()), undefined).signature.parameters).toEqual([])
  })

  test("the schema of @input in place of the type's", () => {
    const { validator } = resolveSignature(decorated(input(anything)), signatureOf({ schema }))
    expect(validator?.validate(5)).toEqual({ ok: true, value: 5 })
  })

  test('one unvalidated payload where nothing says anything, optional if predict has a default', () => {
    class One extends BasePredictor {
      predict(_payload: unknown) {}
    }
    class Default extends BasePredictor {
      predict(_payload: unknown = {}) {}
    }
    const payload = { name: 'payload', role: 'payload' }
    expect(resolveSignature(One, undefined)).toMatchObject({ unchecked: true, validator: undefined })
    expect(resolveSignature(One, undefined).signature.parameters).toEqual([payload])
    expect(resolveSignature(Default, undefined).signature.parameters).toEqual([{ ...payload, optional: true }])
  })
})

describe('predict does not work', () => {
  class Two extends BasePredictor {
    predict(_a: unknown, _b: unknown) {}
  }
  @batch({ maxSize: 8 })
  class Unbatched extends BasePredictor {
    predict(): void {}
  }

  class Both extends BatchPredictor {
    predict(payload: unknown) {
      return payload
    }
    predictBatch(payloads: unknown[]) {
      return payloads
    }
  }

  class Property extends BasePredictor {
    predict = () => {}
  }

  class Stepless extends SequencePredictor {
    begin() {}
    declare step: () => never[]
  }

  class Beside extends SequencePredictor {
    begin() {}
    step() {}
    predict() {}
  }

  @batch({ maxSize: 8, maxWait: 5 })
  class Waiting extends SequencePredictor {
    begin() {}
    step() {}
  }
  type Case = [name: string, PredictorClass, PredictSignature | undefined, code: string, found: string]
  const cases: Case[] = [
    [
      'two parameters, unknown',
      Two,
      undefined,
      'unknown_signature',
      'Two.predict has 2 parameters, and their types are unknown',
    ],
    [
      'predict and predictBatch',
      Both,
      undefined,
      'invalid_batch',
      'the class Both has both predict and predictBatch, and a request can go to only one of them',
    ],
    [
      'limits of batches, and none',
      Unbatched,
      undefined,
      'invalid_batch',
      '@batch is on the class Unbatched, or on one that it extends, and it has no predictBatch method',
    ],
    [
      'a sequence without steps',
      Stepless,
      undefined,
      'no_predict',
      'the class Stepless extends SequencePredictor and has no step method',
    ],
    [
      'a sequence, and predict',
      Beside,
      undefined,
      'invalid_sequence',
      'the class Beside extends SequencePredictor and has predict, and a request can go to only one of them',
    ],
    [
      'a sequence that waits',
      Waiting,
      undefined,
      'invalid_batch',
      '@batch gives the class Waiting a maxWait, and it extends SequencePredictor, whose sequences join while others run',
    ],
    ['a property', Property, undefined, 'no_predict', 'the class Property has no predict method'],
    [
      'two bodies',
      bare,
      signatureOf({ role: 'payload' }, { role: 'bytes' }),
      'two_payloads',
      'Predictor.predict takes the body twice, as payload and as bytes',
    ],
    [
      'the request twice',
      decorated(takes('request', 'request')),
      undefined,
      'repeated_role',
      'Decorated.predict takes the request twice',
    ],
    [
      'a role that does not exist',
      decorated(takes('paylod' as Role)),
      undefined,
      'invalid_signature',
      'Decorated.predict has a parameter with the role "paylod", which does not exist',
    ],
    ...(['bytes', 'stream', 'form', 'request'] as const).map(
      (role): Case => [
        `@input over ${role}`,
        decorated(input(anything)),
        signatureOf({ role }),
        'invalid_signature',
        '@input has nothing to check: Predictor.predict takes no payload and no string',
      ],
    ),
  ]

  test.each(cases)('%s', (_name, predictor, read, code, found) => {
    expect(() => resolveSignature(predictor, read)).toThrow(
      expect.objectContaining({ code, found, instead: expect.any(String) }),
    )
  })
})

test('the body parameter is the one that takes the body', () => {
  expect(bodyParameter(signatureOf({ role: 'context' }, { role: 'form', name: 'a' }))).toEqual({
    name: 'a',
    role: 'form',
  })
  expect(bodyParameter(signatureOf({ role: 'context' }, { role: 'request' }))).toBeUndefined()
})
