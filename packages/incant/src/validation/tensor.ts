import type * as v from 'valibot'
import type { JSONSchema } from '../schema/json-schema.ts'
import { countElements } from '../schema/tensor.ts'
import type { Compiler } from './compiler.ts'
import { conclude, createIssueAt, createSchema, run } from './dataset.ts'
import { compileObject } from './object.ts'

/** An object of the type `Tensor`: its data has as many elements as its shape says. */
export function compileTensor(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const object = compileObject(schema, compiler)
  return createSchema('tensor', (value, config) => {
    const outcome = run(object, value, config)
    if (outcome.issues !== undefined) return outcome
    // The object is valid: both members are lists.
    const { shape, data } = outcome.value as { readonly shape: readonly number[]; readonly data: ArrayLike<unknown> }
    if (!shape.every(size => Number.isSafeInteger(size) && size >= 0))
      return conclude(value, [createIssueAt('shape', 'must have whole numbers, 0 or more')])
    if (countElements(shape) === data.length) return outcome
    return conclude(value, [createIssueAt('data', 'must have as many elements as the shape says')])
  })
}

/** Whether a schema is that of the type `Tensor`. */
export function isTensor(schema: JSONSchema): boolean {
  return schema['x-incant-tensor'] !== undefined && schema.properties?.['data'] !== undefined
}
