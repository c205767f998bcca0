import type { JSONSchema } from '../schema/json-schema.ts'
import type { Compiler } from './compiler.ts'
import { acceptsConstants } from './enumeration.ts'
import { definitionOf, isObject } from './json-types.ts'
import { hasConstants } from './keywords.ts'

/** How near a value that no alternative accepts is to one of them; the most important comes first. */
type Affinity = readonly [contradictions: number, constants: number, fitting: number, known: number]

const NONE: Affinity = [0, 0, 0, 0]

/** How deep a value is looked into, and how many members and items of each container. */
const MAX_DEPTH = 4
const MAX_PARTS = 50

/**
 * The alternatives that were most likely meant by a value that none of them accepts: those whose literals it has, in
 * members such as `kind`, also further inside; then those that most of its members fit; then those that know most.
 */
export function nearestAlternatives<Alternative extends { readonly json: JSONSchema }>(
  value: unknown,
  alternatives: readonly Alternative[],
  compiler: Compiler,
): readonly Alternative[] {
  const measured = alternatives.map(alternative => measure(value, alternative.json, compiler, 0))
  const best = measured.reduce((one, other) => (compare(other, one) < 0 ? other : one), measured[0] ?? NONE)
  return alternatives.filter((_, index) => compare(measured[index] ?? NONE, best) === 0)
}

/** Fewer contradictions are nearer, and more of everything else. */
function compare(one: Affinity, other: Affinity): number {
  return one[0] - other[0] || other[1] - one[1] || other[2] - one[2] || other[3] - one[3]
}

function add(one: Affinity, other: Affinity): Affinity {
  return [one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]]
}

function measure(value: unknown, schema: JSONSchema, compiler: Compiler, depth: number): Affinity {
  if (depth > MAX_DEPTH) return NONE
  if (hasConstants(schema)) return acceptsConstants(schema)(value) ? [0, 1, 0, 0] : [1, 0, 0, 0]
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, compiler.definitions)
  if (target !== undefined) return measure(value, target, compiler, depth + 1)
  if (schema.anyOf !== undefined) {
    const [first = NONE, ...others] = schema.anyOf
      .slice(0, MAX_PARTS)
      .map(inner => measure(value, inner, compiler, depth + 1))
    return others.reduce((one, other) => (compare(other, one) < 0 ? other : one), first)
  }
  if (isObject(value)) return measureMembers(value, schema, compiler, depth)
  return Array.isArray(value) && schema.items ? measureItems(value, schema.items, compiler, depth) : NONE
}

function measureMembers(
  value: { readonly [name: string]: unknown },
  { properties = {} }: JSONSchema,
  compiler: Compiler,
  depth: number,
): Affinity {
  return Object.entries(properties)
    .filter(([name]) => Object.hasOwn(value, name))
    .slice(0, MAX_PARTS)
    .reduce(
      (sum, [name, member]) => add(add(sum, [0, 0, 0, 1]), measurePart(value[name], member, compiler, depth)),
      NONE,
    )
}

function measureItems(items: readonly unknown[], schema: JSONSchema, compiler: Compiler, depth: number): Affinity {
  return items
    .slice(0, MAX_PARTS)
    .reduce<Affinity>((sum, item) => add(sum, measurePart(item, schema, compiler, depth)), NONE)
}

function measurePart(part: unknown, schema: JSONSchema, compiler: Compiler, depth: number): Affinity {
  const fits: Affinity = [0, 0, compiler.matches(schema)(part) ? 1 : 0, 0]
  return add(fits, measure(part, schema, compiler, depth + 1))
}
