import type { Places } from '../json/cut-arrays.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { numberArrayType } from '../schema/number-arrays.ts'
import { definitionOf } from './json-types.ts'
import { hasConstants, hasTypedKeywords } from './keywords.ts'
import { isFreeOfBounds, type NumberKind } from './number-view.ts'

/** How many schemas are looked into on the way to a place. */
const MAXIMUM_DEPTH = 16

/**
 * Where the values of a schema may have arrays of numbers: in members of objects, and members of those. Undefined where they
 * have none, and where they have some only in items of other arrays or in members without a name.
 */
export function findNumbers(schema: JSONSchema, definitions: Definitions): Places<NumberKind> | undefined {
  return new NumberFinder(definitions).find(schema, { depth: 0, isOnly: true })
}

type Found = Places<NumberKind> | undefined

/** The way to a schema. */
interface Way {
  readonly depth: number
  /** Whether no other schema looks at the value. */
  readonly isOnly: boolean
}

class NumberFinder {
  readonly #definitions: Definitions
  /** What has been found; nothing yet for a schema that is being looked into, so that none is walked twice. */
  readonly #known = { only: new Map<JSONSchema, Found>(), other: new Map<JSONSchema, Found>() }

  constructor(definitions: Definitions) {
    this.#definitions = definitions
  }

  find(schema: JSONSchema, way: Way): Found {
    const known = way.isOnly ? this.#known.only : this.#known.other
    if (known.has(schema) || way.depth > MAXIMUM_DEPTH) return known.get(schema)
    known.set(schema, undefined)
    const found = this.#look(schema, way)
    known.set(schema, found)
    return found
  }

  #look(schema: JSONSchema, { depth, isOnly }: Way): Found {
    const { $ref, anyOf, type, not, patternProperties } = schema
    const way = {
      depth: depth + 1,
      isOnly: isOnly && anyOf === undefined && not === undefined && !hasConstants(schema),
    }
    const target = $ref === undefined ? undefined : definitionOf($ref, this.#definitions)
    if (target !== undefined) return this.find(target, { ...way, isOnly: way.isOnly && !hasTypedKeywords(schema) })
    if (anyOf !== undefined) return this.#findOne(anyOf, way)
    if (type === 'array') return this.#findArray(schema, way)
    return this.#findMembers(schema, { ...way, isOnly: way.isOnly && patternProperties === undefined })
  }

  /** A union of which one alternative has arrays of numbers, as that with `null`. */
  #findOne(alternatives: readonly JSONSchema[], way: Way): Found {
    const [only, ...others] = alternatives.flatMap(schema => this.find(schema, way) ?? [])
    return others.length === 0 ? only : undefined
  }

  #findArray(schema: JSONSchema, { isOnly }: Way): Found {
    const typed = numberArrayType(schema)
    if (typed !== undefined && isOnly && isFreeOfBounds(schema, typed)) return ofKind(typed)
    if (!this.#hasNumbers(schema, 0)) return undefined
    return ofKind(isOnly && typed === undefined ? 'flat' : 'array')
  }

  /** Whether the items of an array, or of arrays in it, are numbers. */
  #hasNumbers({ $ref, type, items }: JSONSchema, depth: number): boolean {
    const target = $ref === undefined ? undefined : definitionOf($ref, this.#definitions)
    if (depth > MAXIMUM_DEPTH) return false
    if (target !== undefined) return this.#hasNumbers(target, depth + 1)
    if (type === 'number' || type === 'integer') return depth > 0
    return type === 'array' && items !== undefined && items !== false && this.#hasNumbers(items, depth + 1)
  }

  #findMembers({ properties = {} }: JSONSchema, way: Way): Found {
    const members = new Map<string, Places<NumberKind>>()
    for (const [name, member] of Object.entries(properties)) {
      const places = this.find(member, way)
      if (places !== undefined) members.set(name, places)
    }
    return members.size === 0 ? undefined : { members }
  }
}

function ofKind(kind: NumberKind): Found {
  // Of strings, in JSON.
  return kind === 'BigInt64Array' || kind === 'BigUint64Array' ? undefined : { array: kind }
}
