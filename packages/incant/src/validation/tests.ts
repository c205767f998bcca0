import { FlatNumbers } from '../json/flat-numbers.ts'
import type { Definitions, JSONSchema, JSONTypeName } from '../schema/json-schema.ts'
import { NUMBER_ITEMS, numberArrayType } from '../schema/number-arrays.ts'
import { findAltering } from './altering.ts'
import { MAXIMUM_EAGER, type Test } from './compiler.ts'
import { acceptsAll } from './constraint.ts'
import { acceptsConstants } from './enumeration.ts'
import { areUnique } from './equality.ts'
import { testFlat } from './flat-test.ts'
import { definitionOf, typeNames } from './json-types.ts'
import { hasConstants, hasTypedKeywords } from './keywords.ts'
import { areWithin, isWithin, numberBounds } from './number.ts'
import { narrowItems } from './number-array.ts'
import { type MemberTests, testMembers } from './object-test.ts'
import { fileClassOf, isFileOf } from './received-file.ts'
import { compilePattern, stringConstraints } from './string.ts'

/**
 * - `matches`: the schema accepts the value.
 * - `unchanged`: it accepts it, and predict gets it as it came: no member is dropped.
 */
type Mode = 'matches' | 'unchanged'

/** How many tests are compiled inside each other, so that no schema is too deep for the stack. */
const MAXIMUM_DEPTH = 64

/**
 * Yes-or-no tests of one schema and all schemas in it. The valibot schema of the same JSON Schema finds the words, and
 * changes the value.
 *
 * A test allocates nothing for a value without others in it, so an array of 150,528 numbers, or of a million objects,
 * is one loop. Its time is linear in the size of the value: the result for a container is remembered during one run,
 * since alternatives that both recurse would otherwise check it once for each way that leads to it.
 */
export class Tests {
  readonly #definitions: Definitions
  readonly #known: { readonly [mode in Mode]: Map<JSONSchema, Test> } = { matches: new Map(), unchanged: new Map() }
  readonly #used: Map<unknown, boolean>[] = []
  readonly #altering: ReadonlySet<JSONSchema>
  #depth = 0
  /** Containers that have been tested. */
  #containers = 0

  /** @param root - The schema around those that are tested, with the definitions. */
  constructor(root: JSONSchema, definitions: Definitions) {
    this.#definitions = definitions
    this.#altering = findAltering([root, ...Object.values(definitions)], definitions)
  }

  /** Whether a schema accepts a value. */
  matches(schema: JSONSchema): Test {
    return this.#test(schema, 'matches')
  }

  /**
   * Whether a schema accepts a value, and predict gets it as it came. `undefined` for a schema that makes something else
   * of what it accepts: one that fills in a default or decodes a string, in itself or further inside.
   */
  unchanged(schema: JSONSchema): Test | undefined {
    return this.#altering.has(schema) ? undefined : this.#test(schema, 'unchanged')
  }

  /** The run is over: forgets what was found of its values. */
  forget(): void {
    for (const memory of this.#used.splice(0)) memory.clear()
  }

  #test(schema: JSONSchema, mode: Mode): Test {
    const known = this.#known[mode]
    const test = known.get(schema)
    if (test !== undefined) return test
    // Until it is finished, for a schema that refers to itself; and where it lies deep, until the first value is there.
    let finished: Test | undefined
    const late: Test = value => {
      finished ??= this.#compile(schema, mode)
      return finished(value)
    }
    known.set(schema, late)
    if (this.#depth >= MAXIMUM_DEPTH || known.size >= MAXIMUM_EAGER) return late
    this.#depth += 1
    finished = this.#compile(schema, mode)
    this.#depth -= 1
    known.set(schema, finished)
    return finished
  }

  #compile(schema: JSONSchema, mode: Mode): Test {
    if (fileClassOf(schema) !== undefined) return value => isFileOf(schema, value)
    const { $ref, anyOf, not } = schema
    const target = $ref === undefined ? undefined : definitionOf($ref, this.#definitions)
    const isTyped = hasTypedKeywords(schema) || (schema.type !== undefined && !hasConstants(schema))
    const parts: Test[] = []
    if (hasConstants(schema)) parts.push(acceptsConstants(schema))
    if (isTyped) parts.push(eitherOf(typeNames(schema).map(type => this.#compileType(type, schema, mode))))
    if (target !== undefined) parts.push(this.#test(target, mode))
    if (anyOf !== undefined) parts.push(eitherOf(anyOf.map(alternative => this.#test(alternative, mode))))
    if (not !== undefined) parts.push(negate(this.matches(not)))
    return allOf(parts)
  }

  #compileType(type: JSONTypeName, schema: JSONSchema, mode: Mode): Test {
    switch (type) {
      case 'null':
        return value => value === null
      case 'boolean':
        return value => typeof value === 'boolean'
      case 'string':
        return stringTest(schema)
      case 'number':
      case 'integer':
        return numberTest(schema, type === 'integer')
      case 'array':
        return this.#remember(this.#compileArray(schema, mode))
      case 'object':
        return this.#remember(testMembers(this.#compileMembers(schema, mode)))
    }
  }

  #compileArray(schema: JSONSchema, mode: Mode): Test {
    const { minItems = 0, maxItems = Infinity, prefixItems = [], uniqueItems = false } = schema
    const numbers = numberArrayType(schema)
    const items = numbers === undefined ? schema.items : narrowItems(schema.items, NUMBER_ITEMS[numbers])
    const prefix = prefixItems.map(item => this.#test(item, mode))
    const most = items === false ? Math.min(maxItems, prefix.length) : maxItems
    const acceptsRest = items ? this.#compileItems(items, mode) : () => true
    let acceptsFlat: ((numbers: FlatNumbers) => boolean) | undefined
    return value => {
      if (value instanceof FlatNumbers) {
        acceptsFlat ??= testFlat(schema, this.#definitions)
        return acceptsFlat(value)
      }
      return (
        Array.isArray(value) &&
        value.length >= minItems &&
        value.length <= most &&
        prefix.every((accepts, index) => index >= value.length || accepts(value[index])) &&
        acceptsRest(value, prefix.length) &&
        (!uniqueItems || areUnique(value))
      )
    }
  }

  /** Items that are numbers and nothing else have a loop to themselves. */
  #compileItems(items: JSONSchema, mode: Mode): (values: readonly unknown[], from: number) => boolean {
    if (hasConstants(items) || items.not !== undefined || (items.type !== 'number' && items.type !== 'integer'))
      return loopOf(this.#test(items, mode))
    const bounds = numberBounds(items, items.type === 'integer')
    return (values, from) => areWithin(from === 0 ? values : values.slice(from), bounds)
  }

  #compileMembers(schema: JSONSchema, mode: Mode): MemberTests {
    const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema
    const test = (member: JSONSchema): Test => this.#test(member, mode)
    return {
      named: Object.entries(properties)
        .sort(([, one], [, other]) => Number(hasConstants(other)) - Number(hasConstants(one)))
        .map(([name, member]) => ({
          name,
          accepts: test(member),
          required: required.includes(name) && member.default === undefined,
        })),
      required: required.filter(name => !Object.hasOwn(properties, name)),
      patterns: Object.entries(patternProperties).map(([pattern, member]) => ({
        pattern: compilePattern(pattern),
        accepts: test(member),
      })),
      additional: additionalProperties ? test(additionalProperties) : additionalProperties,
      keepsAll: mode === 'unchanged',
    }
  }

  /** A value without containers in it is tested again as quickly as it is looked up. */
  #remember(test: Test): Test {
    const memory = new Map<unknown, boolean>()
    return value => {
      if (typeof value !== 'object' || value === null) return false
      const known = memory.size === 0 ? undefined : memory.get(value)
      if (known !== undefined) return known
      this.#containers += 1
      const before = this.#containers
      const result = test(value)
      if (this.#containers !== before) this.#note(memory, value, result)
      return result
    }
  }

  #note(memory: Map<unknown, boolean>, value: unknown, result: boolean): void {
    if (memory.size === 0) this.#used.push(memory)
    memory.set(value, result)
  }
}

function stringTest(schema: JSONSchema): Test {
  const constraints = stringConstraints(schema)
  if (constraints.length === 0) return value => typeof value === 'string'
  const accepts = acceptsAll(constraints)
  return value => typeof value === 'string' && accepts(value)
}

function numberTest(schema: JSONSchema, integer: boolean): Test {
  const bounds = numberBounds(schema, integer)
  return value => isWithin(value, bounds)
}

/** A function for each schema, so that the compiler of the engine can fit the loop to its one test. */
function loopOf(accepts: Test): (items: readonly unknown[], from: number) => boolean {
  return (items, from) => {
    for (let index = from; index < items.length; index++) {
      if (!accepts(items[index])) return false
    }
    return true
  }
}

function negate(test: Test): Test {
  return value => !test(value)
}

function allOf(tests: readonly Test[]): Test {
  const [first, second] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  return value => tests.every(test => test(value))
}

function eitherOf(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (rest.length === 0) return value => first(value) || second(value)
  return value => {
    for (const test of tests) if (test(value)) return true
    return false
  }
}
