import type { Definitions, JSONSchema, JSONValue } from '../schema/json-schema.ts'

/** The end of a recursive type. */
const MAX_DEPTH = 8

/**
 * The payloads from the `@example` tags of a type: those of the type itself, else as many as a member has at most, each
 * combined from the examples, defaults and constants of its members. None where a required member has none of these.
 */
export function examplePayloads(schema: JSONSchema, definitions: Definitions): readonly JSONValue[] {
  const indexes = Array.from({ length: countExamples(schema, definitions) }, (_, index) => index)
  return indexes.flatMap(index => makeExample(schema, { definitions, index }) ?? [])
}

function countExamples(schema: JSONSchema, definitions: Definitions, depth = 0): number {
  if (schema.examples !== undefined) return schema.examples.length
  if (depth > MAX_DEPTH) return 0
  if (schema.$ref !== undefined) return countExamples(follow(schema.$ref, definitions), definitions, depth + 1)
  const members = Object.values(schema.properties ?? {})
  return Math.max(0, ...members.map(member => countExamples(member, definitions, depth + 1)))
}

interface ExampleSet {
  readonly definitions: Definitions
  /** Which of the examples of each member is taken. */
  readonly index: number
}

/** An array of one value, or undefined: a value may itself be an array, or null. */
function makeExample(schema: JSONSchema, set: ExampleSet, depth = 0): [JSONValue] | undefined {
  const { definitions, index } = set
  const { examples = [], $ref, properties } = schema
  const written = examples[index % examples.length] ?? schema.default ?? schema.const
  if (written !== undefined) return [written]
  if (depth > MAX_DEPTH) return undefined
  if ($ref !== undefined) return makeExample(follow($ref, definitions), set, depth + 1)
  if (properties === undefined) return undefined
  const members = Object.entries(properties).map(
    ([name, member]) => [name, makeExample(member, set, depth + 1)] as const,
  )
  const isWhole = members.every(([name, made]) => made !== undefined || schema.required?.includes(name) !== true)
  return isWhole ? [Object.fromEntries(members.flatMap(([name, made]) => (made ? [[name, made[0]]] : [])))] : undefined
}

function follow(reference: string, definitions: Definitions): JSONSchema {
  return definitions[reference.replace('#/$defs/', '')] ?? {}
}
