import { RequestError } from '../../errors/request-error.ts'
import type { JSONSchema, JSONTypeName } from '../../schema/json-schema.ts'
import { typeNames } from '../../validation/json-types.ts'
import { type FormFile, fileClassOf } from '../../validation/received-file.ts'
import { type JSONLimits, parseJSON } from '../parse-json.ts'

/**
 * The value of one field, not yet checked. A text is converted to the type of one of its schemas if possible: a
 * constant, a number, `true` or `false` (`on` or `off`, as of a checkbox), JSON for objects and arrays. Other texts
 * stay as they are, for the validator to refuse.
 *
 * An empty text where the schemas allow none, and a file input without a file, count as missing fields: `undefined`.
 */
export function readFieldValue(
  value: string | FormFile,
  alternatives: readonly JSONSchema[],
  limits: JSONLimits,
): unknown {
  const nothing = alternatives.some(takes('null')) ? null : undefined
  if (typeof value !== 'string') return isNoFile(value) ? nothing : value
  const constants = alternatives.flatMap(({ const: constant, enum: values }) => constant ?? values ?? [])
  const constant = constants.find(candidate => String(candidate) === value)
  if (constant !== undefined) return constant
  if (value === '' && !alternatives.some(takesEmptyText)) return nothing
  return alternatives.some(takesText) ? value : readText(value, alternatives, limits)
}

/** The part that browsers send for a file input without a file. */
function isNoFile({ name, bytes }: FormFile): boolean {
  return name === '' && bytes.length === 0
}

function readText(text: string, alternatives: readonly JSONSchema[], limits: JSONLimits): unknown {
  const isNumber = alternatives.some(takes('number', 'integer')) && NUMERAL.test(text)
  if (isNumber) return Number(text)
  if (alternatives.some(takes('boolean')) && BOOLEANS.has(text)) return BOOLEANS.get(text)
  return alternatives.some(takes('object', 'array')) ? readJSONText(text, limits) : text
}

/** A number as JSON or as an HTML input writes it. */
const NUMERAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
])

/** The JSON of a text, or the text itself where it is none. */
export function readJSONText(text: string, limits: JSONLimits): unknown {
  try {
    return parseJSON(new TextEncoder().encode(text), limits)
  } catch (thrown) {
    if (thrown instanceof RequestError && thrown.code === 'invalid_json') return text
    throw thrown
  }
}

/** Whether a field's value is an array in JSON. */
export function isArrayText(value: string | FormFile | undefined): value is string {
  return typeof value === 'string' && value.trimStart().startsWith('[')
}

/** Whether a schema takes text that is no constant. */
export function takesText(schema: JSONSchema): boolean {
  const isOpen = schema.const === undefined && schema.enum === undefined
  return isOpen && takes('string')(schema) && !isFile(schema)
}

/** The text of a date or an integer is never empty. */
function takesEmptyText(schema: JSONSchema): boolean {
  return takesText(schema) && schema['x-incant-type'] === undefined
}

function takes(...types: readonly JSONTypeName[]): (schema: JSONSchema) => boolean {
  return schema => typeNames(schema).some(type => types.includes(type))
}

function isFile(schema: JSONSchema): boolean {
  return fileClassOf(schema) !== undefined
}
