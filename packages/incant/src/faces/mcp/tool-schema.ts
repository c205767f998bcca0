import type { Definitions, JSONSchema } from '../../schema/json-schema.ts'
import { mapSubschemas, subschemas } from '../../schema/subschemas.ts'
import { definitionName, definitionOf } from '../../validation/json-types.ts'
import { reachableSchemas } from '../../validation/reachable.ts'

/** A schema whose root is an object: the only kind that every client takes for what a tool gets and returns. */
export type ObjectSchema = Omit<JSONSchema, 'type'> & {
  readonly type: 'object'
  readonly properties: { readonly [name: string]: JSONSchema }
  readonly $defs?: Definitions
}

/**
 * A schema as the root of a tool, or undefined where a value of it need not be an object, or is one of several: clients
 * drop alternatives at the root without a word.
 */
export function asObjectSchema(schema: JSONSchema, definitions: Definitions): ObjectSchema | undefined {
  const root = resolveRoot(schema, definitions)
  if (root?.type !== 'object' || root.anyOf !== undefined || root.enum !== undefined) return undefined
  return { ...root, type: 'object', properties: root.properties ?? {} }
}

/** An object of one member, for what is no object itself. */
export function wrapSchema(name: string, schema: JSONSchema, isOptional = false): ObjectSchema {
  return { type: 'object', properties: { [name]: schema }, ...(isOptional ? {} : { required: [name] }) }
}

/** The schema of no arguments. Some clients want the list of properties, though it is empty. */
export const NO_ARGUMENTS: ObjectSchema = { type: 'object', properties: {}, additionalProperties: false }

function resolveRoot(schema: JSONSchema, definitions: Definitions): JSONSchema | undefined {
  const seen = new Set<string>()
  let root: JSONSchema | undefined = schema
  while (root?.$ref !== undefined) {
    const { $ref, ...annotations }: JSONSchema = root
    if (seen.has($ref)) return undefined
    seen.add($ref)
    const target: JSONSchema | undefined = definitionOf($ref, definitions)
    root = target === undefined ? undefined : { ...target, ...annotations }
  }
  return root
}

/** A root with the definitions that it refers to, and without what clients do not know. */
export function completeSchema(root: ObjectSchema, definitions: Definitions): ObjectSchema {
  const reached = reach(root, definitions)
  const names = new Map([...reached.keys()].map((name, index) => [name, safeName(name, index)]))
  // Only what is inside changes: the root keeps its type and its properties.
  const schema = clean(root, names) as ObjectSchema
  if (reached.size === 0) return schema
  const $defs = [...reached].map(([name, definition]) => [names.get(name), clean(definition, names)] as const)
  return { ...schema, $defs: Object.fromEntries($defs) }
}

function reach(root: JSONSchema, definitions: Definitions): ReadonlyMap<string, JSONSchema> {
  const inside = reachableSchemas(root, definitions, schema => subschemas(schema).map(([, inner]) => inner))
  const references = inside.flatMap(({ $ref }) => $ref ?? [])
  return new Map(
    references.flatMap(reference => {
      const [name, target] = [definitionName(reference), definitionOf(reference, definitions)]
      return name === undefined || target === undefined ? [] : [[name, target] as const]
    }),
  )
}

/** A name that needs no escape in a reference. `Pair<A, B>` becomes `Pair_A_B`, and is told from others by its number. */
function safeName(name: string, index: number): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '_')
  return safe === name ? name : `${safe}_${index}`
}

function clean(schema: JSONSchema, names: ReadonlyMap<string, string>): JSONSchema {
  const {
    discriminator: _,
    'x-incant-type': _type,
    $ref,
    ...rest
  } = mapSubschemas(schema, inner => clean(inner, names))
  return $ref === undefined ? rest : { ...rest, $ref: `#/$defs/${names.get(definitionName($ref) ?? '')}` }
}
