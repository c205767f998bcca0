import { StartupError } from '../errors/startup-error.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { toPointer } from '../schema/pointer.ts'
import { subschemas } from '../schema/subschemas.ts'
import { definitionOf, isObject } from '../validation/json-types.ts'
import { compilePattern } from '../validation/string.ts'
import { compileValidator } from '../validation/validator.ts'
import {
  type BodyClass,
  isBodyRole,
  type ParameterSignature,
  type PredictSignature,
  type Role,
  SIGNATURE_VERSION,
} from './signature.ts'
import { SIGNATURE_DEFINITIONS, SIGNATURE_SCHEMA } from './signature-schema.ts'

type Path = readonly (string | number)[]
type Located = readonly [path: Path, schema: JSONSchema]

const BODY_CLASSES: { readonly [role in Role]?: readonly BodyClass[] } = {
  bytes: ['Uint8Array', 'ArrayBuffer', 'Buffer'],
  blob: ['Blob', 'File'],
}

/**
 * Reads signature data, as it comes from `JSON.parse`.
 *
 * @throws StartupError `invalid_signature` for another version, and for data that is not well formed or contradicts
 * itself; the message contains the JSON Pointer to the place.
 * @example const signature = parseSignature(JSON.parse(await readFile('predictor.signature.json', 'utf8')))
 */
export function parseSignature(data: unknown): PredictSignature {
  refuseOtherVersions(data)
  const validation = compileValidator(SIGNATURE_SCHEMA, SIGNATURE_DEFINITIONS).validate(withoutReports(data))
  if (!validation.ok) {
    const [issue] = validation.issues
    throw invalid(issue?.pointer ?? '#', issue?.detail ?? 'is not valid')
  }
  // The validator has just compared it with the schema of this very type.
  const signature = validation.value as PredictSignature
  checkParameters(signature.parameters)
  checkSchemas(signature)
  return signature
}

/** The members that `incant inspect` prints beside the signature. They are derived from it, so they are ignored here. */
function withoutReports(data: unknown): unknown {
  if (!isObject(data) || !('protocols' in data)) return data
  const { protocols: _protocols, ...signature } = data
  return signature
}

function refuseOtherVersions(data: unknown): void {
  const { version }: { readonly version?: unknown } = isObject(data) ? data : {}
  if (version === SIGNATURE_VERSION) return
  const found = isObject(data)
    ? `Signature data of version ${JSON.stringify(version)}`
    : 'Signature data that is no object'
  const instead = `This Incant reads version ${SIGNATURE_VERSION}: read the signature again from the source.`
  throw new StartupError({ code: 'invalid_signature', found, instead })
}

function invalid(pointer: string, detail: string): StartupError {
  const instead = 'Read the signature again from the source, or correct the data there.'
  return new StartupError({
    code: 'invalid_signature',
    found: `the signature data is not valid at ${pointer}: ${detail}`,
    instead,
  })
}

function invalidAt(path: Path, detail: string): StartupError {
  return invalid(toPointer(path), detail)
}

function checkParameters(parameters: readonly ParameterSignature[]): void {
  for (const [index, parameter] of parameters.entries()) {
    const path = ['parameters', index]
    const earlier = parameters.slice(0, index)
    if (earlier.some(({ role }) => role === parameter.role)) {
      throw invalidAt([...path, 'role'], `must not be ${parameter.role} a second time`)
    }
    if (isBody(parameter) && earlier.some(isBody)) {
      throw invalidAt([...path, 'role'], 'must not ask for the body, which another parameter has')
    }
    checkBodyClass(parameter, path)
  }
}

function isBody(parameter: ParameterSignature): boolean {
  return isBodyRole(parameter.role)
}

function checkBodyClass({ role, bodyClass, schema }: ParameterSignature, path: Path): void {
  if (bodyClass !== undefined && !BODY_CLASSES[role]?.includes(bodyClass)) {
    throw invalidAt([...path, 'bodyClass'], `must not be ${bodyClass} where the role is ${role}`)
  }
  if (schema !== undefined && !isBodyRole(role)) {
    throw invalidAt([...path, 'schema'], `must not be there where the role is ${role}`)
  }
}

/** References and patterns first: defaults are tried on schemas that compile. */
function checkSchemas(signature: PredictSignature): void {
  const schemas = rootSchemas(signature).flatMap(([path, schema]) => withSubschemas(path, schema))
  for (const [path, schema] of schemas) {
    checkReference(schema, path, signature)
    checkPatterns(schema, path)
  }
  for (const [path, schema] of schemas) checkDefault(schema, path, signature)
}

function rootSchemas({ parameters, returns, config, definitions }: PredictSignature): readonly Located[] {
  const roots: (readonly [Path, JSONSchema | undefined])[] = [
    ...parameters.map(({ schema }, index) => [['parameters', index, 'schema'], schema] as const),
    ...returns.map(({ schema }, index) => [['returns', index, 'schema'], schema] as const),
    [['config', 'schema'], config?.schema],
    ...Object.entries(definitions).map(([name, schema]) => [['definitions', name], schema] as const),
  ]
  return roots.flatMap(([path, schema]) => (schema === undefined ? [] : [[path, schema] as const]))
}

function withSubschemas(path: Path, schema: JSONSchema): readonly Located[] {
  const inner = subschemas(schema).flatMap(([step, subschema]) => withSubschemas([...path, ...step], subschema))
  return [[path, schema], ...inner]
}

function checkReference(schema: JSONSchema, path: Path, signature: PredictSignature): void {
  const { $ref } = schema
  if ($ref === undefined) return
  if (definitionOf($ref, signature.definitions) === undefined) {
    throw invalidAt([...path, '$ref'], `refers to ${$ref}, which is not among the definitions`)
  }
  if (reachesItself(schema, schema, { definitions: signature.definitions, seen: new Set() })) {
    throw invalidAt([...path, '$ref'], `refers to ${$ref}, which leads back here without a value in between`)
  }
}

/** Whether the same value would be looked at by the same schema again, for ever. */
function reachesItself(
  schema: JSONSchema,
  goal: JSONSchema,
  { definitions, seen }: { readonly definitions: Definitions; readonly seen: Set<JSONSchema> },
): boolean {
  const target = schema.$ref === undefined ? undefined : definitionOf(schema.$ref, definitions)
  const next = [target, schema.not, ...(schema.anyOf ?? [])].filter(inner => inner !== undefined)
  return next.some(inner => {
    if (inner === goal) return true
    if (seen.has(inner)) return false
    seen.add(inner)
    return reachesItself(inner, goal, { definitions, seen })
  })
}

function checkPatterns(schema: JSONSchema, path: Path): void {
  const patterns = [schema.pattern, ...Object.keys(schema.patternProperties ?? {})]
  for (const pattern of patterns) {
    if (pattern !== undefined && !isPattern(pattern)) {
      throw invalidAt(path, `has the pattern ${JSON.stringify(pattern)}, which is not a regular expression`)
    }
  }
}

function isPattern(pattern: string): boolean {
  try {
    return compilePattern(pattern) instanceof RegExp
  } catch {
    return false
  }
}

function checkDefault(schema: JSONSchema, path: Path, signature: PredictSignature): void {
  if (schema.default === undefined) return
  const validation = compileValidator(schema, signature.definitions).validate(schema.default)
  if (!validation.ok) throw invalidAt([...path, 'default'], validation.issues[0]?.detail ?? 'is not valid')
}
