import type { Definitions, JSONSchema } from '../../schema/json-schema.ts'
import { reachableSchemas } from '../../validation/reachable.ts'
import type { FormFile } from '../../validation/received-file.ts'
import { compilePattern } from '../../validation/string.ts'
import type { JSONLimits } from '../parse-json.ts'
import { isArrayText, readFieldValue, readJSONText, takesText } from './read-field-value.ts'

/** Fields of a form: for each its name, and its text or its file. */
export type FieldEntries = readonly (readonly [name: string, value: string | FormFile])[]

/** Makes of a form's fields the object that their schema describes, not yet checked. */
export type FieldReader = (entries: FieldEntries) => object

/** The schema of a field. */
interface Field {
  /** The schemas that its value may match, without references and unions around them. */
  readonly alternatives: readonly JSONSchema[]
  /** The schema of one value, if the field may occur several times. */
  readonly items: readonly JSONSchema[] | undefined
}

/** Plans how the fields of a form are read, by the schema of the resulting object. */
export function planFields(schema: JSONSchema, definitions: Definitions, limits: JSONLimits): FieldReader {
  const objects = alternativesOf(schema, definitions)
  const names = new Set(objects.flatMap(({ properties = {} }) => Object.keys(properties)))
  const known = new Map([...names].map(name => [name, fieldOf(name, objects, definitions)]))
  return entries => {
    const fields = [...groupByName(entries)].map(([name, values]) => {
      const field = known.get(name) ?? fieldOf(name, objects, definitions)
      return [name, readField(field, values, limits)] as const
    })
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
  }
}

function groupByName(entries: FieldEntries): Map<string, (string | FormFile)[]> {
  const groups = new Map<string, (string | FormFile)[]>()
  for (const [name, value] of entries) {
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [value])
    else group.push(value)
  }
  return groups
}

function alternativesOf(schema: JSONSchema, definitions: Definitions): readonly JSONSchema[] {
  const reached = reachableSchemas(schema, definitions, ({ anyOf = [] }) => anyOf)
  return reached.filter(({ $ref, anyOf = [] }) => $ref === undefined && anyOf.length === 0)
}

function fieldOf(name: string, objects: readonly JSONSchema[], definitions: Definitions): Field {
  const members = objects.flatMap(object => memberSchemas(name, object))
  const alternatives = members.flatMap(member => alternativesOf(member, definitions))
  const arrays = alternatives.filter(({ type }) => type === 'array')
  const items = arrays.flatMap(({ items: rest, prefixItems = [] }) => [...prefixItems, ...(rest ? [rest] : [])])
  return {
    alternatives,
    items: arrays.length === 0 ? undefined : items.flatMap(item => alternativesOf(item, definitions)),
  }
}

function memberSchemas(name: string, object: JSONSchema): readonly JSONSchema[] {
  const { properties = {}, patternProperties = {}, additionalProperties } = object
  const matching = Object.entries(patternProperties).filter(([pattern]) => compilePattern(pattern).test(name))
  const named = Object.hasOwn(properties, name) ? [properties[name] ?? {}] : []
  const found = [...named, ...matching.map(([, member]) => member)]
  return found.length === 0 && additionalProperties ? [additionalProperties] : found
}

/** A field that may occur several times is an array, also where it occurs once. */
function readField(
  { alternatives, items }: Field,
  values: readonly (string | FormFile)[],
  limits: JSONLimits,
): unknown {
  const [only] = values
  const isArray = values.length > 1 || alternatives.every(({ type }) => type === 'array' || type === 'null')
  if (items === undefined || !isArray) {
    const read = values.map(value => readFieldValue(value, alternatives, limits))
    return read.length === 1 ? read[0] : read
  }
  const isWhole = values.length === 1 && !items.some(takesText) && isArrayText(only)
  if (isWhole) return readJSONText(only, limits)
  return values.map(value => readFieldValue(value, items, limits)).filter(item => item !== undefined)
}
