import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { hasBatchOptions, isBatchPredictor, readBatchOptions } from '../predictor/batch-predictor.ts'
import { isSequencePredictor } from '../predictor/sequence-predictor.ts'
import { describeSchema } from '../schema/describe-schema.ts'
import { fromStandardSchema } from '../validation/standard-schema.ts'
import type { Validator } from '../validation/validation.ts'
import { compileValidator } from '../validation/validator.ts'
import { type PredictMarks, readMarks } from './decorators.ts'
import { findBegin } from './find-begin.ts'
import {
  type BodyRole,
  isBodyRole,
  type ParameterSignature,
  type PredictSignature,
  ROLES,
  type Role,
  SIGNATURE_VERSION,
} from './signature.ts'

/** A predictor's signature once everything has had its say, and what checks its payload. */
export interface ResolvedSignature {
  readonly signature: PredictSignature
  /** Checks the body's value. Absent where there is no schema. */
  readonly validator: Validator | undefined
  /** Whether the validator is the schema given to `@input`, and not compiled from the body's type. */
  readonly hasOwnSchema: boolean
  /** Whether predict takes a payload of unknown type: neither types nor a schema. */
  readonly unchecked: boolean
}

/** A parameter that takes the request's body. */
export type BodyParameter = ParameterSignature & { readonly role: BodyRole }

/**
 * Decides what predict gets. Decorators win over the types that were read; where there are neither, predict gets one
 * payload, unvalidated.
 *
 * @param read - The signature as read from the source, if it was.
 * @throws {StartupError} `no_predict`, `two_payloads`, `repeated_role`, `unknown_signature`, `invalid_signature`.
 */
export function resolveSignature(predictor: PredictorClass, read: PredictSignature | undefined): ResolvedSignature {
  const predict = findPredict(predictor) ?? propertyOf(predictor, read)
  const marks = readMarks(predict)
  const parameters = marks.roles === undefined ? read?.parameters : applyRoles(marks.roles, read)
  const signature = {
    ...(read ?? { version: SIGNATURE_VERSION, className: predictor.name, returns: [], definitions: {} }),
    ...(isBatchPredictor(predictor) ? { batched: readBatchOptions(predictor).singleRow } : {}),
    parameters: parameters ?? assumePayload(predictor, predict.length),
  }
  refuseUnknownRoles(signature)
  refuseRepeats(signature)
  const validator = chooseValidator(signature, marks)
  const unchecked = read === undefined && validator === undefined && bodyParameter(signature)?.role === 'payload'
  return { signature: describeInput(signature, marks), validator, hasOwnSchema: marks.schema !== undefined, unchecked }
}

/** The validator of the schema that was given to `@input`, if one was. */
export function ownValidator(predictor: PredictorClass): Validator | undefined {
  const { schema } = readMarks(findPredict(predictor))
  return schema === undefined ? undefined : fromStandardSchema(schema)
}

/** The body's parameter, if a signature has one. */
export function bodyParameter(signature: PredictSignature): BodyParameter | undefined {
  return signature.parameters.find(takesBody)
}

function takesBody(parameter: ParameterSignature): parameter is BodyParameter {
  return isBodyRole(parameter.role)
}

/** The method whose parameters a caller fills: that of a single item or sequence where many are computed at once. */
function findPredict(predictor: PredictorClass): { readonly length: number } | undefined {
  if (isSequencePredictor(predictor)) return findBegin(predictor)
  const { prototype } = predictor
  const [prepare, predictBatch, predict] = ['prepare', 'predictBatch', 'predict'].map(name =>
    Reflect.get(prototype, name),
  )
  const single: unknown = typeof predict === 'function' ? predict : Reflect.get(predictor, 'predict')
  const isBatch = isBatchPredictor(predictor)
  if (isBatch && typeof single === 'function') throw twoPredicts(predictor)
  if (!isBatch && hasBatchOptions(predictor)) throw nothingToBatch(predictor)
  const methods: unknown[] = isBatch ? [prepare, predictBatch] : [single]
  const found = methods.find(method => typeof method === 'function')
  return typeof found === 'function' ? found : undefined
}

/** A function in a property is on instances alone, of which there is none yet: the types say that there will be one. */
function propertyOf(predictor: PredictorClass, read: PredictSignature | undefined): { readonly length: number } {
  if (read !== undefined) return { length: read.parameters.length }
  throw new StartupError({
    code: 'no_predict',
    found: `the class ${predictor.name} has no predict method`,
    instead:
      'Write predict(payload: YourType) { … } in it; a function in a property is found where the types are read.',
  })
}

function nothingToBatch(predictor: PredictorClass): StartupError {
  return new StartupError({
    code: 'invalid_batch',
    found: `@batch is on the class ${predictor.name}, or on one that it extends, and it has no predictBatch method`,
    instead: 'Write predictBatch(payloads: YourType[]) { … } in a class that extends BatchPredictor, or remove @batch.',
  })
}

function twoPredicts(predictor: PredictorClass): StartupError {
  return new StartupError({
    code: 'invalid_batch',
    found: `the class ${predictor.name} has both predict and predictBatch, and a request can go to only one of them`,
    instead: 'Remove one of the two; predictBatch also takes a single payload, as a batch of one.',
  })
}

function applyRoles(roles: readonly Role[], read: PredictSignature | undefined): readonly ParameterSignature[] {
  const body = read === undefined ? undefined : bodyParameter(read)
  return roles.map((role, index) => {
    // The type of a parameter still applies where the decorator gives it the same role.
    const named = read?.parameters[index]
    if (named?.role === role) return named
    if (body?.role === role) return body
    return { name: named?.name ?? role, role }
  })
}

function assumePayload(predictor: PredictorClass, length: number): readonly ParameterSignature[] {
  // A default or rest parameter counts as none: predict may then do without.
  if (length <= 1) return [{ name: 'payload', role: 'payload', ...(length === 0 ? { optional: true } : {}) }]
  throw new StartupError({
    code: 'unknown_signature',
    found: `${predictor.name}.predict has ${length} parameters, and their types are unknown`,
    instead:
      "Serve the source with incant serve, pass signature data, or write @takes('payload', 'request', …) on predict.",
  })
}

/** Also a decorator may be written where nothing checks types. */
function refuseUnknownRoles(signature: PredictSignature): void {
  const { className, parameters } = signature
  const unknown = parameters.find(({ role }) => !ROLES.includes(role))
  if (unknown === undefined) return
  throw new StartupError({
    code: 'invalid_signature',
    found: `${className}.predict has a parameter with the role ${JSON.stringify(unknown.role)}, which does not exist`,
    instead: `The roles are ${ROLES.join(', ')}.`,
    ...placeOf(signature),
  })
}

function refuseRepeats(signature: PredictSignature): void {
  const bodies = signature.parameters.filter(takesBody)
  if (bodies.length > 1) {
    throw new StartupError({
      code: 'two_payloads',
      found: `${signature.className}.predict takes the body twice, as ${bodies.map(body => body.role).join(' and as ')}`,
      instead: 'Ask for it once; put what belongs together into one payload type.',
      ...placeOf(signature),
    })
  }
  const repeated = signature.parameters.find(
    ({ role }, index, all) => all.findIndex(other => other.role === role) < index,
  )
  if (repeated === undefined) return
  throw new StartupError({
    code: 'repeated_role',
    found: `${signature.className}.predict takes the ${repeated.role} twice`,
    instead: 'Remove one of the two parameters.',
    ...placeOf(signature),
  })
}

function chooseValidator(signature: PredictSignature, marks: PredictMarks): Validator | undefined {
  const body = bodyParameter(signature)
  if (marks.schema !== undefined) {
    if (body?.role !== 'payload' && body?.role !== 'text') throw nothingToCheck(signature)
    return fromStandardSchema(marks.schema)
  }
  const isChecked = body?.role === 'payload' || body?.role === 'text' || body?.role === 'form'
  const schema = isChecked ? body.schema : undefined
  return schema === undefined ? undefined : compileValidator(schema, signature.definitions)
}

/** Where `@input` decides what is taken, documents say what it takes, or nothing. */
function describeInput(signature: PredictSignature, marks: PredictMarks): PredictSignature {
  if (marks.schema === undefined) return signature
  const described = describeSchema(marks.schema)
  const parameters = signature.parameters.map(parameter => {
    if (!takesBody(parameter)) return parameter
    const { schema: _type, ...rest } = parameter
    return described === undefined ? rest : { ...rest, schema: described.schema }
  })
  return { ...signature, parameters, definitions: { ...signature.definitions, ...described?.definitions } }
}

/** The author of `@input` relies on the check. */
function nothingToCheck(signature: PredictSignature): StartupError {
  return new StartupError({
    code: 'invalid_signature',
    found: `@input has nothing to check: ${signature.className}.predict takes no payload and no string`,
    instead: 'Give predict a payload parameter, or remove @input.',
    ...placeOf(signature),
  })
}

function placeOf({ location }: PredictSignature): Pick<PredictSignature, 'location'> {
  return location === undefined ? {} : { location }
}
