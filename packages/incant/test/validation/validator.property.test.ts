import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import { compileValidator } from '../../src/validation/validator.ts'
import { DEFINITIONS, jsonValues, schemas, schemasWithValues } from './arbitraries.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, ownProperties: true })
const CANARY = 'canary-7f3a'

describe('compileValidator, for any schema and value', { tags: ['property'] }, () => {
  test('accepts and refuses what another implementation does', () => {
    let accepted = 0
    let seen = 0
    const agrees = fc.property(schemasWithValues, ([schema, value]) => {
      const expected = judge(schema, value)
      fc.pre(expected !== undefined)
      seen++
      if (expected) accepted++
      expect(compileValidator(schema, DEFINITIONS).validate(value).ok).toBe(expected)
    })
    fc.assert(agrees, { numRuns: propertyRuns(1000) })
    expect(accepted / seen).toBeGreaterThan(0.1)
    expect(accepted / seen).toBeLessThan(0.9)
  }, 60_000)

  test('never changes the value given', () => {
    const property = fc.property(schemasWithValues, ([schema, value]) => {
      const before = structuredClone(value)
      compileValidator(schema, DEFINITIONS).validate(value)
      expect(value).toEqual(before)
    })
    fc.assert(property, { numRuns: propertyRuns(500) })
  })

  test('reports at least one and at most 50 issues, and no received value', () => {
    const canaries = jsonValues.map(value => withCanaries(value))
    const property = fc.property(schemas, canaries, (schema, value) => {
      const validation = compileValidator(schema, DEFINITIONS).validate(value)
      if (validation.ok) return
      expect(validation.issues.length).toBeGreaterThan(0)
      expect(validation.issues.length).toBeLessThanOrEqual(50)
      expect(JSON.stringify(validation.issues)).not.toContain(CANARY)
    })
    fc.assert(property, { numRuns: propertyRuns(1000) })
  })

  test('never throws, whatever is put in', () => {
    const property = fc.property(
      schemas,
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSparseArray: true,
        withTypedArray: true,
      }),
      (schema, value) => {
        expect(typeof compileValidator(schema, DEFINITIONS).validate(value).ok).toBe('boolean')
      },
    )
    fc.assert(property, { numRuns: propertyRuns(500) })
  })
})

/** Whether ajv accepts; `undefined` where it throws, as it does on comparing objects with a member `toString`. */
function judge(schema: JSONSchema, value: unknown): boolean | undefined {
  try {
    return ajv.validate({ ...schema, $defs: DEFINITIONS }, value)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Every string in the value, but for member names, is the canary. */
function withCanaries(value: unknown): unknown {
  if (typeof value === 'string') return CANARY
  if (Array.isArray(value)) return value.map(withCanaries)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withCanaries(member)]))
}
