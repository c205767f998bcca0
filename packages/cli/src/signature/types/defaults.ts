import type { Definitions, JSONSchema, SourceLocation } from 'incant/internal/signature'
import { locateHandle } from '../compiler/location.ts'
import { type Place, shortPath } from './problem.ts'

/** A schema with a default, to be checked against the whole of it once all types are read. */
export interface DefaultReading {
  readonly schema: JSONSchema
  readonly place: Place
}

/** A default as data, in a signature's final schemas. */
export interface DefaultValue {
  readonly schema: JSONSchema
  readonly definitions: Definitions
  /** The subject of messages. */
  readonly subject: string
  readonly location: SourceLocation | undefined
}

/**
 * Keywords of a default's schema, for its kind and its bounds, that can be checked at once; with no others, this is the
 * whole check.
 */
const SIMPLE: readonly string[] = ['type', 'enum', 'const', 'minimum', 'maximum']
const ANNOTATIONS: readonly string[] = ['title', 'description', 'default', 'examples', 'deprecated']

/** Whether a default needs more than a look at its kind and bounds. */
export function needsValidator({ schema }: DefaultReading): boolean {
  const isFlat = Object.keys(schema).every(keyword => SIMPLE.includes(keyword) || ANNOTATIONS.includes(keyword))
  return !isFlat || (typeof schema.default === 'object' && schema.default !== null)
}

/** A default with what it takes to check it after the compiler has ended. */
export function toDefaultValue(
  { schema, place }: DefaultReading,
  { resolve, definitions }: { resolve: (schema: JSONSchema) => JSONSchema; readonly definitions: Definitions },
): DefaultValue {
  return {
    schema: resolve(schema),
    definitions,
    subject: `${place.subject}: ${shortPath(place.path)}`,
    location: place.declaration && locateHandle(place.declaration),
  }
}
