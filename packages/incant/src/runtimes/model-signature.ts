import { basename, extname } from 'node:path'
import type { JSONSchema } from '../schema/json-schema.ts'
import { type PredictSignature, SIGNATURE_VERSION } from '../signature/signature.ts'
import type { ModelDescription, ModelTensor } from './runtime.ts'
import { nestedSchema, tensorSchema } from './tensor-schema.ts'

/** The signature of a model file: what it declares, as the types of a predict would say it. */
export function describeModel(file: string, model: ModelDescription): PredictSignature {
  const { inputs, outputs, description } = model
  return {
    version: SIGNATURE_VERSION,
    className: nameClass(file),
    exportName: 'default',
    ...(description === undefined ? {} : { description }),
    location: { file },
    parameters: [{ name: 'inputs', role: 'payload', schema: members(inputs, inputSchema, TAKEN) }],
    returns: [{ kind: 'json', schema: members(outputs, outputSchema, GIVEN) }],
    definitions: {},
  }
}

/** `silero_vad_v5.onnx` → `silero_vad_v5`: where a class would have its name. */
function nameClass(file: string): string {
  return basename(file, extname(file))
}

const TAKEN = 'What the model takes: each tensor as an object of datatype, shape and data, or as arrays in arrays.'
const GIVEN = 'What the model gives.'

function members(
  tensors: readonly ModelTensor[],
  toSchema: (tensor: ModelTensor) => JSONSchema,
  description: string,
): JSONSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(tensors.map(tensor => [tensor.name, toSchema(tensor)])),
    required: tensors.map(({ name }) => name),
    description,
  }
}

function inputSchema(tensor: ModelTensor): JSONSchema {
  const nested = nestedSchema(tensor)
  const schema = tensorSchema(tensor)
  const description = formatTensor(tensor)
  return nested === undefined ? { ...schema, description } : { anyOf: [nested, schema], description }
}

function outputSchema(tensor: ModelTensor): JSONSchema {
  return { ...tensorSchema(tensor), description: formatTensor(tensor) }
}

/** `FP32 [batch, 3, 224, 224]`: a dimension of any size by its name, or `?`. */
export function formatTensor({ datatype, shape }: Pick<ModelTensor, 'datatype' | 'shape'>): string {
  if (shape === undefined) return `${datatype} of any shape`
  return `${datatype} [${shape.map(size => (size === '' ? '?' : size)).join(', ')}]`
}
