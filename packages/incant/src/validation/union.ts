import type * as v from 'valibot'
import type { JSONSchema } from '../schema/json-schema.ts'
import { nearestAlternatives } from './affinity.ts'
import type { Compiler, Test } from './compiler.ts'
import { accept, conclude, createIssue, createSchema, type Outcome, type RunConfig, refuse, run } from './dataset.ts'
import { constantsOf, JSON_TYPES, type JSONType, jsonTypeOf, possibleTypes } from './json-types.ts'
import { mergeOutputs } from './merge.ts'
import { typeMessage, valuesMessage } from './words.ts'

/** One alternative of a union. */
interface Alternative {
  readonly json: JSONSchema
  readonly matches: Test
  readonly schema: v.GenericSchema
  readonly types: ReadonlySet<JSONType>
}

/** The result of a union for each object and array in one run. */
type Memory = Map<unknown, Outcome>

/**
 * Unions without a discriminator. Only alternatives of the value's JSON type are tried.
 *
 * The first scalar that accepts wins. An object that several alternatives accept keeps the members that any of them
 * knows, since a structural type lets it have them all.
 */
export function compileUnion(schemas: readonly JSONSchema[], compiler: Compiler): v.GenericSchema {
  const alternatives = schemas.map(schema => ({
    json: schema,
    matches: compiler.matches(schema),
    schema: compiler.compile(schema),
    types: possibleTypes(schema, compiler.definitions),
  }))
  const message = unionMessage(schemas, alternatives, compiler)
  const fittingByType = new Map<JSONType | undefined, readonly Alternative[]>(
    JSON_TYPES.map(type => [type, alternatives.filter(({ types }) => types.has(type))]),
  )
  const memories = new WeakMap<RunConfig, Memory>()
  return createSchema('union', (value, config) => {
    const type = jsonTypeOf(value)
    const fitting = fittingByType.get(type) ?? []
    const [only] = fitting
    if (only === undefined) return refuse(message)
    if (fitting.length === 1) return run(only.schema, value, config)
    if (type !== 'object' && type !== 'array') return runScalars(fitting, value, config)
    return recall(memories, value, config, () => runContainers(fitting, value, { config, compiler }))
  })
}

function unionMessage(
  schemas: readonly JSONSchema[],
  alternatives: readonly Alternative[],
  compiler: Compiler,
): string {
  const constants = constantsOf({ anyOf: schemas }, compiler.definitions)
  if (constants !== undefined) return valuesMessage(constants)
  return typeMessage(new Set(alternatives.flatMap(({ types }) => [...types])))
}

/**
 * Each object is tried once for each union, however many ways lead to it: alternatives that both recurse would else
 * take time exponential in the depth of the value.
 */
function recall(
  memories: WeakMap<RunConfig, Memory>,
  value: unknown,
  config: RunConfig,
  execute: () => Outcome,
): Outcome {
  const memory = memories.get(config) ?? new Map<unknown, Outcome>()
  memories.set(config, memory)
  const outcome = memory.get(value) ?? execute()
  memory.set(value, outcome)
  return outcome
}

function runScalars(alternatives: readonly Alternative[], value: unknown, config: RunConfig): Outcome {
  const messages = new Set<string>()
  for (const { schema } of alternatives) {
    const outcome = run(schema, value, config)
    if (outcome.issues === undefined) return outcome
    messages.add(outcome.issues[0].message)
  }
  return refuse([...messages].join(' or '))
}

interface Running {
  readonly config: RunConfig
  readonly compiler: Compiler
}

/** Only alternatives that accept are run; without any, only those that were most likely meant. */
function runContainers(alternatives: readonly Alternative[], value: unknown, running: Running): Outcome {
  const matching = alternatives.filter(({ matches }) => matches(value))
  const accepted = matching
    .map(({ schema }) => run(schema, value, running.config))
    .filter(outcome => outcome.issues === undefined)
  if (accepted.length > 0) return accept(accepted.map(outcome => outcome.value).reduce(mergeOutputs))
  const nearest = nearestAlternatives(value, alternatives, running.compiler)
    .map(({ schema }) => run(schema, value, running.config).issues ?? [])
    .reduce((one, other) => (other.length < one.length ? other : one))
  const message = `must match one of its ${alternatives.length} alternatives; the nearest one requires the following`
  return conclude(value, [createIssue(message), ...nearest])
}
