import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { subschemas } from '../schema/subschemas.ts'
import { reachableSchemas } from '../validation/reachable.ts'
import { fileClassOf } from '../validation/received-file.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { Content, MediaTypeObject } from './document.ts'

const ANY_FORM: JSONSchema = { type: 'object', additionalProperties: {} }

/** A form with these fields, or with any. URL-encoded text has no files. */
export function describeForm(
  fields: JSONSchema = ANY_FORM,
  definitions: Definitions,
  components: ComponentSchemas,
): Content {
  const schema = components.rewrite(fields)
  const inside = reachableSchemas(fields, definitions, schema => subschemas(schema).map(([, inner]) => inner))
  const encoding = describeEncoding(inside)
  const hasFiles = inside.some(each => fileClassOf(each) !== undefined)
  return {
    'multipart/form-data': { schema, ...(Object.keys(encoding).length > 0 && { encoding }) },
    ...(hasFiles ? {} : { 'application/x-www-form-urlencoded': { schema } }),
  }
}

/** The media types that the files of a field may have: also of one that occurs several times. */
function describeEncoding(schemas: readonly JSONSchema[]): NonNullable<MediaTypeObject['encoding']> {
  const members = schemas.flatMap(({ properties = {} }) => Object.entries(properties))
  const types = members.flatMap(([name, member]) => {
    const file = member.items || member
    const { contentMediaType } = file
    return contentMediaType === undefined || fileClassOf(file) === undefined
      ? []
      : [[name, { contentType: contentMediaType }] as const]
  })
  return Object.fromEntries(types)
}
