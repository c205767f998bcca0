import type { Schema } from '../document/openapi.ts'
import { blank } from '../schema/blank.ts'
import { fits } from '../schema/fit.ts'
import type { Components } from '../schema/resolve.ts'
import { isObject, type Value, withMember } from '../schema/value.ts'
import type { Body } from './body.ts'

/** What a person has put in. */
export interface Input {
  readonly value: Value
  /** The bytes of a body that is nothing else: a file, or a text. */
  readonly file: File | undefined
  /** The media type of such a body, and of a text. */
  readonly type: string
  /** Whether the JSON itself is shown in place of fields. */
  readonly isJSON: boolean
}

/** A body with its schema, where it has one. */
export function schemaOf(body: Body): Schema | undefined {
  return 'schema' in body ? body.schema : undefined
}

/** What of an input is kept when the predictor has changed: what still fits. */
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
