import type * as v from 'valibot'
import type { JSONSchema, JSONValue } from '../schema/json-schema.ts'
import type { Compiler } from './compiler.ts'
import { conclude, createIssueAt, createSchema, refuse, run } from './dataset.ts'
import { constantsOf, definitionOf, isObject } from './json-types.ts'
import { compileUnion } from './union.ts'
import { typeMessage, valuesMessage } from './words.ts'

/** The alternatives for each value of the discriminator. */
type Table = ReadonlyMap<JSONValue, readonly JSONSchema[]>

/**
 * Unions whose alternatives are distinguished by one member: only the alternative with its value is checked, and its
 * issues are the ones reported. `undefined` where some alternative does not require the member or leaves its values
 * open: the hint is then ignored.
 */
export function compileDiscriminatedUnion(
  schemas: readonly JSONSchema[],
  discriminator: string,
  compiler: Compiler,
): v.GenericSchema | undefined {
  const table = tabulate(schemas, discriminator, compiler)
  if (table === undefined) return undefined
  const compiled = new Map([...table].map(([value, alternatives]) => [value, compileChoice(alternatives, compiler)]))
  const message = `${valuesMessage([...table.keys()])}: it distinguishes the alternatives`
  return createSchema('variant', (value, config) => {
    if (!isObject(value)) return refuse(typeMessage(['object']))
    if (!Object.hasOwn(value, discriminator)) {
      return conclude(value, [createIssueAt(discriminator, `is required and ${message}`)])
    }
    // A map finds nothing under what is no key of it.
    const schema = compiled.get(value[discriminator] as JSONValue)
    if (schema !== undefined) return run(schema, value, config)
    return conclude(value, [createIssueAt(discriminator, message)])
  })
}

function compileChoice(alternatives: readonly JSONSchema[], compiler: Compiler): v.GenericSchema {
  const [only] = alternatives
  return only !== undefined && alternatives.length === 1 ? compiler.compile(only) : compileUnion(alternatives, compiler)
}

function tabulate(schemas: readonly JSONSchema[], discriminator: string, compiler: Compiler): Table | undefined {
  const table = new Map<JSONValue, JSONSchema[]>()
  for (const schema of schemas) {
    const values = discriminatorValues(schema, discriminator, compiler)
    if (values === undefined || values.some(value => typeof value === 'object' && value !== null)) return undefined
    for (const value of new Set(values)) table.set(value, [...(table.get(value) ?? []), schema])
  }
  return table
}

/** The values the member has in an alternative that requires it; also through references and unions inside. */
function discriminatorValues(
  schema: JSONSchema,
  name: string,
  compiler: Compiler,
  depth = 0,
): readonly JSONValue[] | undefined {
  // Definitions that only point at each other would go round for ever.
  if (depth > 100) return undefined
  const { properties = {}, required = [], type, anyOf, $ref } = schema
  if (type === 'object' && required.includes(name) && Object.hasOwn(properties, name)) {
    return constantsOf(properties[name] ?? {}, compiler.definitions)
  }
  const target = $ref === undefined ? undefined : definitionOf($ref, compiler.definitions)
  if (target !== undefined) return discriminatorValues(target, name, compiler, depth + 1)
  const lists = anyOf?.map(alternative => discriminatorValues(alternative, name, compiler, depth + 1))
  return lists?.every(list => list !== undefined) ? lists.flat() : undefined
}
