import type { FlatNumbers } from '../json/flat-numbers.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { definitionOf } from './json-types.ts'
import { areWithin, type NumberBounds, numberBounds } from './number.ts'

/** Keywords that ask nothing of a value. */
const ANNOTATIONS = ['title', 'description', 'examples', 'deprecated', 'x-incant-tensor'] as const
const OF_ARRAYS: ReadonlySet<string> = new Set([...ANNOTATIONS, 'type', 'items', 'minItems', 'maxItems'])
const OF_NUMBERS: ReadonlySet<string> = new Set([
  ...[...ANNOTATIONS, 'type', 'multipleOf'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
])

/** How long the arrays of one depth may be. */
interface Axis {
  readonly minItems: number
  readonly maxItems: number
}

/**
 * Whether a schema of arrays accepts numbers that are still in one piece, as it accepts the arrays of them.
 *
 * @returns `false` for every value where the schema has keywords that have to see the arrays.
 */
export function testFlat(schema: JSONSchema, definitions: Definitions): (numbers: FlatNumbers) => boolean {
  const { axes, bounds } = describe(schema, definitions)
  if (bounds === undefined) return () => false
  return ({ values, shape }) =>
    shape.length === axes.length &&
    shape.every((length, axis) => isOfLength(length, axes[axis])) &&
    areWithin(values, bounds)
}

function isOfLength(length: number, axis: Axis | undefined): boolean {
  return axis !== undefined && length >= axis.minItems && length <= axis.maxItems
}

/** The arrays around the numbers. Without bounds: not all that is asked is about lengths and numbers. */
function describe(
  schema: JSONSchema,
  definitions: Definitions,
): { readonly axes: readonly Axis[]; readonly bounds?: NumberBounds } {
  const { $ref, type, items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  const target = $ref === undefined ? undefined : definitionOf($ref, definitions)
  if (target !== undefined && hasOnly(schema, REFERENCE)) return describe(target, definitions)
  if (type === 'array' && items && hasOnly(schema, OF_ARRAYS)) {
    const { axes, ...inner } = describe(items, definitions)
    return { axes: [{ minItems, maxItems }, ...axes], ...inner }
  }
  const isNumber = (type === 'number' || type === 'integer') && hasOnly(schema, OF_NUMBERS)
  return isNumber ? { axes: [], bounds: numberBounds(schema, type === 'integer') } : { axes: [] }
}

const REFERENCE: ReadonlySet<string> = new Set([...ANNOTATIONS, '$ref'])

function hasOnly(schema: JSONSchema, keywords: ReadonlySet<string>): boolean {
  return Object.keys(schema).every(keyword => keywords.has(keyword))
}
