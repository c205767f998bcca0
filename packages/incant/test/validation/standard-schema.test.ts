import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { fromStandardSchema } from '../../src/validation/standard-schema.ts'

const CANARY = 'canary-7f3a-and-some-more-text'

function schemaOf(
  validate: (value: unknown) => StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>>,
): StandardSchemaV1 {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

const refusing = (message: string, path: StandardSchemaV1.Issue['path'] = []) =>
  fromStandardSchema(schemaOf(() => ({ issues: [{ message, path }] })))

describe('fromStandardSchema', () => {
  test('gives the output of the schema', () => {
    const schema = v.object({ text: v.pipe(v.string(), v.trim()), top: v.optional(v.number(), 3) })
    expect(fromStandardSchema(schema).validate({ text: ' a ' })).toEqual({ ok: true, value: { text: 'a', top: 3 } })
  })

  test('waits for a schema that waits', async () => {
    const schema = v.pipeAsync(
      v.string(),
      v.checkAsync(async text => text === 'a', 'must be known'),
    )
    const validator = fromStandardSchema(schema)
    expect(await validator.validate('a')).toEqual({ ok: true, value: 'a' })
    expect(await validator.validate('b')).toEqual({ ok: false, issues: [{ pointer: '#', detail: 'must be known' }] })
  })

  test('gives pointers, from keys and from path segments', () => {
    const validator = refusing('must be nicer', ['data', { key: 0 }, 'a/b'])
    expect(validator.validate({})).toEqual({
      ok: false,
      issues: [{ pointer: '#/data/0/a~1b', detail: 'must be nicer' }],
    })
  })

  test('leaves out messages that show the value', () => {
    const schema = v.object({
      text: v.pipe(v.string(), v.maxLength(3)),
      count: v.literal(1),
      list: v.array(v.number('must be a number')),
    })
    const validation = fromStandardSchema(schema).validate({ text: CANARY, count: 123456, list: [CANARY] })
    expect(JSON.stringify(validation)).not.toMatch(/canary|123456/)
    expect(validation).toEqual({
      ok: false,
      issues: [
        { pointer: '#/text', detail: 'Invalid length: Expected <=3 but received 30' },
        { pointer: '#/count', detail: 'is not valid' },
        { pointer: '#/list/0', detail: 'must be a number' },
      ],
    })
  })

  test('leaves out values from elsewhere, cut and escaped ones', () => {
    const value = { other: CANARY, quoted: 'with "quotes" inside it', n: 5 }
    for (const message of [`not ${CANARY}`, `not ${CANARY.slice(0, 20)}…`, `not ${JSON.stringify(value.quoted)}`]) {
      expect(refusing(message, ['n']).validate(value)).toEqual({
        ok: false,
        issues: [{ pointer: '#/n', detail: 'is not valid' }],
      })
    }
    expect(refusing('was 5', ['n']).validate(value)).toMatchObject({ issues: [{ detail: 'is not valid' }] })
    expect(refusing('must have at least 5 items', ['other']).validate(value)).toMatchObject({
      issues: [{ detail: 'must have at least 5 items' }],
    })
  })

  test('leaves out every message where the value is too large to look through', () => {
    const value = Array.from({ length: 20_000 }, (_, index) => index)
    expect(refusing('must be short').validate(value)).toMatchObject({ issues: [{ detail: 'is not valid' }] })
  })

  test('reports at most 50 issues, and one where the schema gives none', () => {
    const many = schemaOf(() => ({ issues: Array.from({ length: 1000 }, () => ({ message: 'no' })) }))
    expect(fromStandardSchema(many).validate(1)).toMatchObject({ issues: { length: 50 } })
    const silent = fromStandardSchema(schemaOf(() => ({ issues: [] })))
    expect(silent.validate(1)).toEqual({ ok: false, issues: [{ pointer: '#', detail: 'is not valid' }] })
  })

  test('throws where the schema throws, without its message', async () => {
    const message = 'The schema given to @input threw (TypeError); its message may contain the payload and is left out'
    const fail = (value: unknown): never => {
      throw new TypeError(`cannot read ${String(value)}`)
    }
    expect(() => fromStandardSchema(schemaOf(fail)).validate(CANARY)).toThrow(new Error(message))
    const rejecting = fromStandardSchema(schemaOf(async value => fail(value)))
    const error = await Promise.resolve(rejecting.validate(CANARY)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message })
    expect(String(Reflect.get(Object(error), 'stack'))).toContain('standard-schema.test.ts')
    expect(String(Reflect.get(Object(error), 'stack'))).not.toContain(CANARY)
    const undefinedThrown = fromStandardSchema(schemaOf(() => Promise.reject(undefined)))
    await expect(undefinedThrown.validate(1)).rejects.toThrow('threw (undefined)')
  })
})
