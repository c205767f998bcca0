import type { Schema } from '../document/openapi.ts'
import { blank } from '../schema/blank.ts'
import { fits } from '../schema/fit.ts'
import type { Components } from '../schema/resolve.ts'
import { isObject, type Value, withMember } from '../schema/value.ts'
import type { Body } from './body.ts'

/** The state of a form. */
export interface Input {
  readonly value: Value
  /** The content of a body of bytes: a file, or text. */
  readonly file: File | undefined
  /** The media type of a body of bytes or text. */
  readonly type: string
  /** Whether the form shows JSON in place of fields. */
  readonly isJSON: boolean
}

/** A kind of body, with its schema if it has one. */
export function schemaOf(body: Body): Schema | undefined {
  return 'schema' in body ? body.schema : undefined
}

/** The part of an input that still fits after the predictor has changed. */
export function keepInput(value: Value, schema: Schema, components: Components): Value {
  const fresh = blank(schema, components)
  if (!isObject(value) || !isObject(fresh))
    return value !== undefined && fits(schema, value, components) ? value : fresh
  const { properties = {} } = schema
  const kept = Object.entries(value).filter(
    ([name, member]) => properties[name] && fits(properties[name], member, components),
  )
  return kept.reduce((merged, [name, member]) => withMember(merged, name, member), fresh)
}
