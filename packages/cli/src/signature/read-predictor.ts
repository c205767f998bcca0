import {
  type JSONSchema,
  type ParameterSignature,
  type PredictSignature,
  SIGNATURE_VERSION,
} from 'incant/internal/signature'
import type { BatchMethod } from './class/batch-method.ts'
import { hasRoleDecorator } from './class/decorators.ts'
import { findPredict, type PredictMethod } from './class/predict-method.ts'
import { locationOf, type PredictorClass } from './class/predictor-class.ts'
import {
  type Checker,
  type Compilation,
  type Node,
  type Signature,
  SignatureKind,
  TypeFlags,
  type TypeNode,
  type TypeSymbol,
} from './compiler/compiler.ts'
import { refuseTypeErrors } from './compiler/diagnostics.ts'
import { locateHandle } from './compiler/location.ts'
import { isForeign, originOf } from './compiler/origin.ts'
import type { SignatureWarning } from './compiler/warning.ts'
import { isOptional, readItemParameter, readParameters } from './parameters/parameters.ts'
import { readForms, readReturns } from './parameters/returns.ts'
import { resolveSlots } from './types/definitions.ts'
import { readDocumentation } from './types/documentation.ts'
import { Growth } from './types/growth.ts'
import { presentSchema } from './types/members.ts'
import { type Place, type Problem, shortPath } from './types/problem.ts'
import { readType } from './types/schema.ts'
import { type SchemaContext, touch } from './types/schema-context.ts'
import { Slots } from './types/slots.ts'

interface ConfigReading {
  readonly schema: JSONSchema
  readonly optional?: boolean
}

interface InputReading {
  readonly parameters: readonly ParameterSignature[]
  readonly config: ConfigReading | undefined
}

interface PredictorReading {
  readonly predictor: PredictorClass
  readonly method: PredictMethod
  readonly input: InputReading
}

/** Reads one predictor class. */
export function readPredictor(
  compilation: Compilation,
  predictor: PredictorClass,
  warn: (warning: SignatureWarning) => void,
): PredictSignature {
  const method = findPredict(predictor)
  const context: SchemaContext = {
    checker: compilation.checker,
    slots: new Slots(),
    growth: new Growth(),
    members: new Map(),
    direction: 'input',
    touched: new Set<Node>(),
    read: readType,
    warn: (place, problem) => warn(toWarning(place, problem)),
  }
  const input = refuseTypeErrors(compilation, context.touched, () => readInput(context, predictor, method))
  return assemble(context, { predictor, method, input })
}

function toWarning(place: Place, { found, instead }: Problem): SignatureWarning {
  const location = place.declaration && locateHandle(place.declaration)
  return { message: `${place.subject}: ${shortPath(place.path)} ${found}. ${instead}`, location }
}

function readInput(context: SchemaContext, predictor: PredictorClass, method: PredictMethod): InputReading {
  touchReturnType(context, method.signature)
  if (method.batch !== undefined) touchBatch(context, method.batch)
  const parameters = readCallParameters(context, predictor, method)
  const config = readConfig(context, predictor)
  context.slots.readAll()
  return { parameters, config }
}

function readCallParameters(
  context: SchemaContext,
  predictor: PredictorClass,
  { name, symbol, signature, batch }: PredictMethod,
): readonly ParameterSignature[] {
  const subject = `${predictor.className}.${name}`
  const reading = { subject, isDecorated: hasRoleDecorator(context.checker, predictor.node, symbol) }
  return name === 'predictBatch' && batch !== undefined
    ? [readItemParameter(context, batch, reading)]
    : readParameters(context, signature, reading)
}

/** What predictBatch takes and gives is part of the signature also where prepare is what callers reach. */
function touchBatch(context: SchemaContext, { parameter, signature }: BatchMethod): void {
  touch(context, parameter.valueDeclaration)
  touchReturnType(context, signature)
}

/** A written return type is part of the signature; the body that an unwritten one comes from is not. */
function touchReturnType({ touched }: SchemaContext, signature: Signature): void {
  const declaration = signature.declaration
  if (declaration === undefined || isForeign(declaration.path)) return
  // What has a call signature may have a written type.
  const { type } = (declaration.resolve() ?? {}) as { readonly type?: TypeNode }
  if (type !== undefined) touched.add(type)
}

/** The constructor's first parameter; `Config` of `BasePredictor<Config>` where the class has no constructor. */
function readConfig(context: SchemaContext, predictor: PredictorClass): ConfigReading | undefined {
  const symbol = configSymbol(context.checker, predictor)
  const type = symbol && context.checker.getTypeOfSymbol(symbol)
  if (symbol === undefined || type === undefined) return undefined
  if (type.flags & TypeFlags.AnyOrUnknown && !type.isErrorType()) return undefined
  const declaration = originOf(symbol) === 'user' ? symbol.declarations[0] : predictor.symbol.declarations[0]
  const subject = `${predictor.className}'s constructor`
  const schema = presentSchema(context, type, { subject, path: symbol.name, declaration })
  return { schema, ...(isOptional(type, symbol) ? { optional: true } : {}) }
}

/** `BasePredictor`'s own parameter is optional for its subclasses' sake: its property says what there must be. */
function configSymbol(checker: Checker, { classType, instanceType }: PredictorClass): TypeSymbol | undefined {
  const [construct] = checker.getSignaturesOfType(classType, SignatureKind.Construct)
  const [parameter] = construct?.getParameters() ?? []
  return parameter !== undefined && originOf(parameter) === 'incant'
    ? checker.getPropertyOfType(instanceType, 'config')
    : parameter
}

function assemble(context: SchemaContext, { predictor, method, input }: PredictorReading): PredictSignature {
  const { parameters, config } = input
  const returns = readOutput(context, predictor, method)
  const schemas = [...parameters, ...(config === undefined ? [] : [config]), ...returns].map(
    ({ schema }) => schema ?? {},
  )
  context.slots.readAll()
  const { resolve, definitions } = resolveSlots(context.slots, schemas)
  const take = takeInOrder(schemas.map(resolve))
  const location = locationOf(predictor)
  return {
    version: SIGNATURE_VERSION,
    className: predictor.className,
    ...(predictor.exportName === undefined ? {} : { exportName: predictor.exportName }),
    ...describe(context, predictor, method),
    ...(location === undefined ? {} : { location }),
    parameters: parameters.map(parameter => take(parameter)),
    ...(config === undefined ? {} : { config: take(config) }),
    returns: returns.map(form => take(form)),
    definitions,
  }
}

/** Puts the resolved schemas back in the order in which they were collected. */
function takeInOrder(
  roots: readonly JSONSchema[],
): <Part extends { readonly schema?: JSONSchema }>(part: Part) => Part {
  const rest = roots.values()
  return part => {
    const { value } = rest.next()
    return part.schema === undefined ? part : { ...part, schema: value }
  }
}

function readOutput(
  context: SchemaContext,
  { className }: PredictorClass,
  { signature, symbol, batch }: PredictMethod,
): ReturnType<typeof readReturns> {
  const output: SchemaContext = { ...context, direction: 'output', touched: new Set() }
  const name = batch === undefined ? 'predict' : 'predictBatch'
  const declaration = (batch?.symbol ?? symbol).declarations[0]
  const place = { subject: `${className}.${name}`, path: 'result', declaration }
  if (batch !== undefined) return readForms(output, batch.resultTypes, { ...place, path: 'result[]' })
  const type = context.checker.getReturnTypeOfSignature(signature)
  return type === undefined ? [] : readReturns(output, type, place)
}

function describe(
  { checker }: SchemaContext,
  predictor: PredictorClass,
  method: PredictMethod,
): Pick<PredictSignature, 'description' | 'deprecated'> {
  const documented = method.batch?.symbol ?? method.symbol
  const both = [predictor.symbol, documented].map(symbol => readDocumentation(checker, symbol))
  const description = both
    .map(part => part.description)
    .filter(text => text !== '')
    .join('\n\n')
  const isDeprecated = both.some(part => part.tags.some(tag => tag.name === 'deprecated'))
  return { ...(description === '' ? {} : { description }), ...(isDeprecated ? { deprecated: true } : {}) }
}
