import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { mapSubschemas } from '../schema/subschemas.ts'
import { constantsOf, definitionName, definitionOf } from '../validation/json-types.ts'
import type { OpenAPISchema } from './document.ts'

/** The definitions of a signature as components of a document. */
export interface ComponentSchemas {
  readonly schemas: { readonly [name: string]: OpenAPISchema }
  /** A schema of the signature, its references turned to the components. */
  rewrite(schema: JSONSchema): OpenAPISchema
}

/**
 * Names every definition so that a document can refer to it (`^[a-zA-Z0-9._-]+$`, OpenAPI 3.1.1 §4.8.7): `Pair<A, B>`
 * becomes `Pair_A_B`, and a name that is taken gets a number.
 */
export function createComponentSchemas(definitions: Definitions, reserved: readonly string[]): ComponentSchemas {
  const names = nameComponents(Object.keys(definitions), reserved)
  const rewrite = (schema: JSONSchema): OpenAPISchema => rewriteSchema(schema, definitions, names)
  const schemas = Object.entries(definitions).map(
    ([name, schema]) => [names.get(name) ?? name, rewrite(schema)] as const,
  )
  return { schemas: Object.fromEntries(schemas), rewrite }
}

type Names = ReadonlyMap<string, string>

function nameComponents(names: readonly string[], reserved: readonly string[]): Names {
  const taken = new Set(reserved)
  const result = new Map<string, string>()
  for (const name of names) {
    const safe = name.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '') || 'Schema'
    let free = safe
    for (let number = 2; taken.has(free); number++) free = `${safe}_${number}`
    taken.add(free)
    result.set(name, free)
  }
  return result
}

function rewriteSchema(schema: JSONSchema, definitions: Definitions, names: Names): OpenAPISchema {
  const { discriminator, $ref, ...rest } = mapSubschemas(schema, inner => rewriteSchema(inner, definitions, names))
  const mapped = discriminator && mapDiscriminator(schema, discriminator.propertyName, { definitions, names })
  return {
    ...($ref === undefined ? {} : { $ref: rewriteReference($ref, names) }),
    ...rest,
    ...(mapped === undefined ? {} : { discriminator: mapped }),
  }
}

function rewriteReference(reference: string, names: Names): string {
  return `#/components/schemas/${names.get(definitionName(reference) ?? '') ?? reference}`
}

/**
 * The component for each value of the discriminator. `undefined` where an alternative is not a component or a value not
 * a string: OpenAPI's discriminator cannot express it (OpenAPI 3.1.1 §4.8.25), and the `const` of each alternative
 * still does.
 */
function mapDiscriminator(
  schema: JSONSchema,
  property: string,
  { definitions, names }: { readonly definitions: Definitions; readonly names: Names },
): OpenAPISchema['discriminator'] {
  const mapping: Record<string, string> = {}
  for (const { $ref } of schema.anyOf ?? []) {
    const target = $ref === undefined ? undefined : definitionOf($ref, definitions)
    const values = target?.properties?.[property] && constantsOf(target.properties[property], definitions)
    if ($ref === undefined || values === undefined) return undefined
    for (const value of values) {
      if (typeof value !== 'string' || Object.hasOwn(mapping, value)) return undefined
      mapping[value] = rewriteReference($ref, names)
    }
  }
  return { propertyName: property, mapping }
}
