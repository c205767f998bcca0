import type { JSONSchema } from '../../schema/json-schema.ts'
import type { FaceFit, FaceOperation, FaceSubject } from '../fit.ts'
import { planModel, type TensorPlan } from './plan.ts'

/** Whether the types of a model are tensors, and the routes that it answers on. */
export function describe({ name, signature }: FaceSubject): FaceFit {
  const plan = planModel(signature)
  if (!plan.fits) return plan
  const path = `/v2/models/${name}`
  const operations: readonly FaceOperation[] = [
    { method: 'GET', path, summary: 'Describe the model', answer: { schema: METADATA } },
    { method: 'GET', path: `${path}/ready`, summary: 'Whether the model is ready', answer: { schema: READY } },
    {
      method: 'POST',
      path: `${path}/infer`,
      summary: `Infer ${listTensors(plan.inputs.tensors)} → ${listTensors(plan.outputs.tensors)}`,
      body: { schema: request(plan.inputs.tensors) },
      answer: { schema: response(plan.outputs.tensors) },
    },
  ]
  return { fits: true, operations }
}

/** `left FP32[-1,3], right FP32[-1,3]`. */
function listTensors(tensors: readonly TensorPlan[]): string {
  const texts = tensors.map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join(',')}]`)
  return texts.length === 0 ? 'nothing' : texts.join(', ')
}

const TEXT: JSONSchema = { type: 'string' }
const SIZES: JSONSchema = { type: 'array', items: { type: 'integer' } }
const PARAMETERS: JSONSchema = { type: 'object', additionalProperties: {} }
const DATA: JSONSchema = { type: 'array', items: {} }

const TENSOR: JSONSchema = {
  type: 'object',
  properties: { name: TEXT, datatype: TEXT, shape: SIZES },
  required: ['name', 'datatype', 'shape'],
}

const METADATA: JSONSchema = {
  type: 'object',
  properties: {
    name: TEXT,
    versions: { type: 'array', items: TEXT },
    platform: TEXT,
    inputs: { type: 'array', items: TENSOR },
    outputs: { type: 'array', items: TENSOR },
  },
  required: ['name', 'platform'],
}

const READY: JSONSchema = {
  type: 'object',
  properties: { name: TEXT, ready: { type: 'boolean' } },
  required: ['ready'],
}

function request(tensors: readonly TensorPlan[]): JSONSchema {
  const outputs: JSONSchema = {
    type: 'array',
    items: { type: 'object', properties: { name: TEXT, parameters: PARAMETERS }, required: ['name'] },
  }
  return {
    type: 'object',
    properties: { id: TEXT, parameters: PARAMETERS, inputs: listOf(tensors), outputs },
    required: ['inputs'],
  }
}

function response(tensors: readonly TensorPlan[]): JSONSchema {
  return {
    type: 'object',
    properties: { model_name: TEXT, model_version: TEXT, id: TEXT, parameters: PARAMETERS, outputs: listOf(tensors) },
    required: ['model_name', 'outputs'],
  }
}

/** Tensors in a body: each is one of those of the model. */
function listOf(tensors: readonly TensorPlan[]): JSONSchema {
  if (tensors.length === 0) return { type: 'array', items: false }
  return { type: 'array', items: tensors.length === 1 ? tensorOf(tensors[0]) : { anyOf: tensors.map(tensorOf) } }
}

function tensorOf(tensor: TensorPlan | undefined): JSONSchema {
  const { name = '', datatype = '', shape = [] } = tensor ?? {}
  const sizes = shape.map((size): JSONSchema => (size === -1 ? { type: 'integer', minimum: 0 } : { const: size }))
  return {
    type: 'object',
    properties: {
      name: { const: name },
      datatype: { const: datatype },
      shape: { type: 'array', prefixItems: sizes, items: false, minItems: sizes.length, maxItems: sizes.length },
      parameters: PARAMETERS,
      data: DATA,
    },
    required: ['name', 'datatype', 'shape'],
  }
}
