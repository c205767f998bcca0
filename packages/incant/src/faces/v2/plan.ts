import type { Definitions, JSONSchema } from '../../schema/json-schema.ts'
import { tensorForm } from '../../schema/tensor-form.ts'
import { isFault, type TensorForm } from '../../schema/tensor-layout.ts'
import { bodyParameter } from '../../signature/resolve.ts'
import type { ParameterSignature, PredictSignature } from '../../signature/signature.ts'
import { definitionOf } from '../../validation/json-types.ts'
import type { FaceMisfit } from '../fit.ts'

/** A tensor as the metadata of a model has it, and how its value is one. */
export interface TensorPlan extends TensorForm {
  readonly name: string
  /** Whether a request may leave it out. */
  readonly optional: boolean
}

/** The inputs or the outputs of a model: the members of an object, one value, or, of a predict without a payload, none. */
export interface ValuePlan {
  readonly kind: 'members' | 'value' | 'none'
  readonly tensors: readonly TensorPlan[]
}

/** A model as tensors. */
export interface ModelPlan {
  readonly fits: true
  readonly inputs: ValuePlan
  readonly outputs: ValuePlan
  /** Whether a request has many payloads: then every shape has a first dimension for them. */
  readonly batched: boolean
}

/** The output of a predict whose result is one value. */
const ONLY_OUTPUT = 'output-0'

/** Every request needs the plan. */
const PLANS = new WeakMap<PredictSignature, ModelPlan | FaceMisfit>()

/** The tensors that a signature takes and gives, or why it does not fit. */
export function planModel(signature: PredictSignature): ModelPlan | FaceMisfit {
  const known = PLANS.get(signature) ?? planSignature(signature)
  PLANS.set(signature, known)
  return known
}

function planSignature(signature: PredictSignature): ModelPlan | FaceMisfit {
  if (signature.parameters.some(({ role }) => role === 'request'))
    return misfit('predict takes the Request of an HTTP call, which tensors are not')
  const inputs = planInputs(bodyParameter(signature), signature.definitions)
  if ('fits' in inputs) return inputs
  const outputs = planOutputs(signature)
  if ('fits' in outputs) return outputs
  const batched = signature.batched === true
  return { fits: true, batched, inputs: withRows(inputs, batched), outputs: withRows(outputs, batched) }
}

function planInputs(body: ParameterSignature | undefined, definitions: Definitions): ValuePlan | FaceMisfit {
  if (body === undefined) return { kind: 'none', tensors: [] }
  const { name, role, schema = {}, optional = false } = body
  switch (role) {
    case 'form':
      return misfit('predict takes a form, which tensors are not')
    case 'stream':
      return misfit('predict takes the body as a stream, which tensors are not')
    case 'bytes':
    case 'blob':
      return planValue({ name, schema: BYTES, optional }, {})
    case 'text':
      return planValue({ name, schema: { type: 'string', ...schema }, optional }, definitions)
    default:
      return planPayload({ name, schema, optional }, definitions)
  }
}

const BYTES: JSONSchema = { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' }

function planOutputs({ returns, definitions }: PredictSignature): ValuePlan | FaceMisfit {
  const [only, ...others] = returns
  if (returns.some(({ kind }) => kind === 'stream'))
    return misfit('predict gives a stream, which tensors are not', RETURN)
  if (returns.some(({ kind }) => kind === 'response'))
    return misfit('predict gives a Response, whose content is not known', RETURN)
  const bytes = returns.filter(({ kind }) => kind === 'bytes')
  if (bytes.length > 0 && others.length > 0) return misfit('predict gives bytes or something else', RETURN)
  const schema = bytes.length > 0 ? BYTES : others.length > 0 ? {} : (only?.schema ?? {})
  return planPayload({ name: ONLY_OUTPUT, schema, optional: false }, definitions)
}

const RETURN = 'Return an object of typed arrays, arrays, numbers and strings.'

interface NamedSchema {
  readonly name: string
  readonly schema: JSONSchema
  readonly optional: boolean
}

/** The members of an object are tensors; any other value is one. */
function planPayload(named: NamedSchema, definitions: Definitions): ValuePlan | FaceMisfit {
  const { properties = {}, required = [], type, 'x-incant-tensor': tensor } = dereference(named.schema, definitions)
  const members = Object.entries(properties)
  if (type !== 'object' || tensor !== undefined || members.length === 0) return planValue(named, definitions)
  const tensors: TensorPlan[] = []
  for (const [name, schema] of members) {
    const planned = planTensor({ name, schema, optional: named.optional || !required.includes(name) }, definitions)
    if ('fits' in planned) return planned
    tensors.push(planned)
  }
  return { kind: 'members', tensors }
}

function planValue(named: NamedSchema, definitions: Definitions): ValuePlan | FaceMisfit {
  const planned = planTensor(named, definitions)
  return 'fits' in planned ? planned : { kind: 'value', tensors: [planned] }
}

function planTensor({ name, schema, optional }: NamedSchema, definitions: Definitions): TensorPlan | FaceMisfit {
  const form = tensorForm(schema, inner => dereference(inner, definitions))
  return isFault(form) ? misfit(`${name} ${form.found}`, form.instead) : { name, ...form, optional }
}

/** Resolves a reference, keeping the annotations beside it. */
function dereference(schema: JSONSchema, definitions: Definitions): JSONSchema {
  let found = schema
  // No more steps than there are definitions: some may only refer to each other.
  for (let left = Object.keys(definitions).length; left > 0 && found.$ref !== undefined; left -= 1) {
    const { $ref, ...beside } = found
    found = { ...definitionOf($ref, definitions), ...beside }
  }
  return found
}

/** A single value has the shape 1; many of them are a row. */
function withRows({ kind, tensors }: ValuePlan, batched: boolean): ValuePlan {
  if (!batched) return { kind, tensors }
  return { kind, tensors: tensors.map(tensor => ({ ...tensor, shape: [-1, ...rowShape(tensor)] })) }
}

/** The shape of one row of a batch. */
function rowShape({ shape, layout }: TensorForm): readonly number[] {
  const isScalar = layout.kind === 'json' || (layout.kind === 'array' && layout.depth === 0 && isOne(shape))
  return isScalar ? [] : shape
}

function isOne(shape: readonly number[]): boolean {
  return shape.length === 1 && shape[0] === 1
}

function misfit(
  reason: string,
  instead = 'Have predict take an object of typed arrays, arrays, numbers and strings.',
): FaceMisfit {
  return { fits: false, reason, instead }
}
