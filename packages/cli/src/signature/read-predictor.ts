import {
  type JSONSchema,
  type ParameterSignature,
  type PredictSignature,
  Problems,
  SIGNATURE_VERSION,
} from 'incant/internal/signature'
import type { BatchMethod } from './class/batch-method.ts'
import { hasRoleDecorator } from './class/decorators.ts'
import { findPredict, type PredictMethod } from './class/predict-method.ts'
import { locationOf, type PredictorClass } from './class/predictor-class.ts'
import type { Node, Signature, TypeNode } from './compiler/compiler.ts'
import { refuseTypeErrors } from './compiler/diagnostics.ts'
import type { SignatureWarning } from './compiler/warning.ts'
import { describePredictor } from './describe-predictor.ts'
import { withMediaTypes, writtenReturn } from './parameters/media-types.ts'
import { readItemParameter, readParameters } from './parameters/parameters.ts'
import { readForms, readReturns, readSequenceForms } from './parameters/returns.ts'
import { type ConfigReading, readConfig } from './read-config.ts'
import { type DefaultValue, needsValidator, toDefaultValue } from './types/defaults.ts'
import { type Resolved, resolveSlots } from './types/definitions.ts'
import { Growth } from './types/growth.ts'
import type { MarkedCompilation } from './types/marked-aliases.ts'
import { shareRepeated } from './types/repetition.ts'
import { readType } from './types/schema.ts'
import { type SchemaContext, touch } from './types/schema-context.ts'
import { largeSignature } from './types/size.ts'
import { Slots } from './types/slots.ts'
import { Warnings } from './types/warnings.ts'

interface InputReading {
  readonly parameters: readonly ParameterSignature[]
  readonly config: ConfigReading | undefined
}

interface PredictorReading {
  readonly predictor: PredictorClass
  readonly method: PredictMethod
  readonly input: InputReading
}

/** The result of reading one class. */
export interface PredictorOutcome {
  readonly signature: PredictSignature
  readonly warnings: readonly SignatureWarning[]
  /** Defaults that only the validator can check. */
  readonly defaults: readonly DefaultValue[]
  /** Types of other packages whose constraints do not count. */
  readonly ignored: ReadonlySet<string>
}

/** Reads one predictor class. */
export function readPredictor(
  { compilation, aliases, met, sources }: MarkedCompilation,
  predictor: PredictorClass,
): PredictorOutcome {
  const method = findPredict(predictor)
  const warnings = new Warnings()
  const context: SchemaContext = {
    checker: compilation.checker,
    sources,
    aliases,
    met,
    ignored: new Set(),
    defaults: [],
    slots: new Slots(),
    growth: new Growth(),
    members: new Map(),
    direction: 'input',
    touched: new Set<Node>(),
    read: readType,
    warn: (place, problem) => warnings.add(place, problem),
    refused: new Problems(),
  }
  const input = refuseTypeErrors(compilation, context.touched, () =>
    context.refused.finish(() => readInput(context, predictor, method)),
  )
  const { signature, resolved } = assemble(context, { predictor, method, input })
  const defaults = context.defaults.filter(needsValidator).map(reading => toDefaultValue(reading, resolved))
  const remarks = largeSignature(signature, resolved, locationOf(predictor))
  return { signature, warnings: [...warnings.list(), ...remarks], defaults, ignored: context.ignored }
}

function readInput(context: SchemaContext, predictor: PredictorClass, method: PredictMethod): InputReading {
  touchReturnType(context, method.signature)
  if (method.batch !== undefined) touchBatch(context, method.batch)
  if (method.sequence !== undefined) touchReturnType(context, method.sequence.signature)
  const parameters = context.refused.try(() => readCallParameters(context, predictor, method), [])
  const config = context.refused.try(() => readConfig(context, predictor), undefined)
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

/** The types of predictBatch are part of the signature, even if callers reach prepare. */
function touchBatch(context: SchemaContext, { parameter, signature }: BatchMethod): void {
  touch(context, parameter.valueDeclaration)
  touchReturnType(context, signature)
}

/** A written return type is part of the signature; the body that an unwritten one comes from is not. */
function touchReturnType(context: SchemaContext, signature: Signature): void {
  const declaration = signature.declaration
  if (declaration === undefined || !context.sources.has(declaration.path)) return
  // What has a call signature may have a written type.
  const { type } = (declaration.resolve() ?? {}) as { readonly type?: TypeNode }
  if (type !== undefined) context.touched.add(type)
}

function assemble(
  context: SchemaContext,
  { predictor, method, input }: PredictorReading,
): { readonly signature: PredictSignature; readonly resolved: Resolved } {
  const { parameters, config } = input
  const returns = readOutput(context, predictor, method)
  const schemas = [...parameters, ...(config === undefined ? [] : [config]), ...returns].map(
    ({ schema }) => schema ?? {},
  )
  context.slots.readAll()
  const resolved = resolveSlots(context.slots, schemas)
  const names = parameters.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1))
  const { definitions, roots } = shareRepeated({
    definitions: resolved.definitions,
    roots: schemas.map(resolved.resolve),
    names: [...names, ...(config === undefined ? [] : ['Config']), ...returns.map(() => 'Result')],
  })
  const take = takeInOrder(roots)
  const location = locationOf(predictor)
  const signature: PredictSignature = {
    version: SIGNATURE_VERSION,
    className: predictor.className,
    ...(predictor.exportName === undefined ? {} : { exportName: predictor.exportName }),
    ...describePredictor(context, predictor, method),
    ...(location === undefined ? {} : { location }),
    ...(method.batch === undefined ? {} : { batched: true }),
    parameters: parameters.map(parameter => take(parameter)),
    ...(config === undefined ? {} : { config: take(config) }),
    returns: returns.map(form => take(form)),
    definitions,
  }
  return { signature, resolved }
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
  { signature, symbol, batch, sequence }: PredictMethod,
): ReturnType<typeof readReturns> {
  const output: SchemaContext = { ...context, direction: 'output', touched: new Set() }
  if (sequence !== undefined) {
    const [declaration] = sequence.symbol.declarations
    return readSequenceForms(output, sequence.itemTypes, { subject: `${className}.step`, path: 'item', declaration })
  }
  const name = batch === undefined ? 'predict' : 'predictBatch'
  const declaration = (batch?.symbol ?? symbol).declarations[0]
  const place = { subject: `${className}.${name}`, path: 'result', declaration }
  const written = writtenReturn(batch?.signature ?? signature)
  const typed = { symbol: batch?.symbol ?? symbol, written, place }
  if (batch !== undefined) {
    const forms = readForms(output, batch.resultTypes, { ...place, path: 'result[]' })
    return withMediaTypes(output, forms, typed)
  }
  const type = context.checker.getReturnTypeOfSignature(signature)
  return type === undefined ? [] : withMediaTypes(output, readReturns(output, type, place), typed)
}
