import type { MessageShape } from './protobuf/shape.ts'

/**
 * The messages of the Open Inference Protocol over gRPC, package `inference`, with `RepositoryIndex` of Triton's model
 * repository extension.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
 */
export interface InferParameter {
  readonly bool_param?: boolean
  readonly int64_param?: bigint
  readonly string_param?: string
  readonly double_param?: number
  readonly uint64_param?: bigint
}

export const INFER_PARAMETER: MessageShape<InferParameter> = {
  bool_param: { id: 1, type: 'bool' },
  int64_param: { id: 2, type: 'int64' },
  string_param: { id: 3, type: 'string' },
  double_param: { id: 4, type: 'double' },
  uint64_param: { id: 5, type: 'uint64' },
}

/** `map<string, InferParameter>`. */
export interface ParameterEntry {
  readonly key?: string
  readonly value?: InferParameter
}

export const PARAMETER_ENTRY: MessageShape<ParameterEntry> = {
  key: { id: 1, type: 'string' },
  value: { id: 2, type: INFER_PARAMETER },
}

export interface TensorContents {
  readonly bool_contents?: Uint8Array
  readonly int_contents?: Int32Array
  readonly int64_contents?: BigInt64Array
  readonly uint_contents?: Uint32Array
  readonly uint64_contents?: BigUint64Array
  readonly fp32_contents?: Float32Array
  readonly fp64_contents?: Float64Array
  readonly bytes_contents?: readonly Uint8Array[]
}

export const INFER_TENSOR_CONTENTS: MessageShape<TensorContents> = {
  bool_contents: { id: 1, type: 'bool', repeated: true },
  int_contents: { id: 2, type: 'int32', repeated: true },
  int64_contents: { id: 3, type: 'int64', repeated: true },
  uint_contents: { id: 4, type: 'uint32', repeated: true },
  uint64_contents: { id: 5, type: 'uint64', repeated: true },
  fp32_contents: { id: 6, type: 'float', repeated: true },
  fp64_contents: { id: 7, type: 'double', repeated: true },
  bytes_contents: { id: 8, type: 'bytes', repeated: true },
}

/** `InferInputTensor` and `InferOutputTensor`, which have the same fields. */
export interface InferTensor {
  readonly name?: string
  readonly datatype?: string
  readonly shape?: BigInt64Array
  readonly parameters?: readonly ParameterEntry[]
  readonly contents?: TensorContents
}

export const INFER_TENSOR: MessageShape<InferTensor> = {
  name: { id: 1, type: 'string' },
  datatype: { id: 2, type: 'string' },
  shape: { id: 3, type: 'int64', repeated: true },
  parameters: { id: 4, type: PARAMETER_ENTRY, repeated: true },
  contents: { id: 5, type: INFER_TENSOR_CONTENTS },
}

export interface RequestedOutput {
  readonly name?: string
  readonly parameters?: readonly ParameterEntry[]
}

export const REQUESTED_OUTPUT: MessageShape<RequestedOutput> = {
  name: { id: 1, type: 'string' },
  parameters: { id: 2, type: PARAMETER_ENTRY, repeated: true },
}

export interface ModelInferRequest {
  readonly model_name?: string
  readonly model_version?: string
  readonly id?: string
  readonly parameters?: readonly ParameterEntry[]
  readonly inputs?: readonly InferTensor[]
  readonly outputs?: readonly RequestedOutput[]
  readonly raw_input_contents?: readonly Uint8Array[]
}

export const MODEL_INFER_REQUEST: MessageShape<ModelInferRequest> = {
  model_name: { id: 1, type: 'string' },
  model_version: { id: 2, type: 'string' },
  id: { id: 3, type: 'string' },
  parameters: { id: 4, type: PARAMETER_ENTRY, repeated: true },
  inputs: { id: 5, type: INFER_TENSOR, repeated: true },
  outputs: { id: 6, type: REQUESTED_OUTPUT, repeated: true },
  raw_input_contents: { id: 7, type: 'bytes', repeated: true },
}

export interface ModelInferResponse {
  readonly model_name?: string
  readonly model_version?: string
  readonly id?: string
  readonly parameters?: readonly ParameterEntry[]
  readonly outputs?: readonly InferTensor[]
  readonly raw_output_contents?: readonly Uint8Array[]
}

export const MODEL_INFER_RESPONSE: MessageShape<ModelInferResponse> = {
  model_name: { id: 1, type: 'string' },
  model_version: { id: 2, type: 'string' },
  id: { id: 3, type: 'string' },
  parameters: { id: 4, type: PARAMETER_ENTRY, repeated: true },
  outputs: { id: 5, type: INFER_TENSOR, repeated: true },
  raw_output_contents: { id: 6, type: 'bytes', repeated: true },
}

/** `ModelReadyRequest` and `ModelMetadataRequest`. */
export interface ModelRequest {
  readonly name?: string
  readonly version?: string
}

export const MODEL_REQUEST: MessageShape<ModelRequest> = {
  name: { id: 1, type: 'string' },
  version: { id: 2, type: 'string' },
}

/** Of `ServerLive`: `live`. Of `ServerReady` and `ModelReady`: `ready`. */
export interface YesResponse {
  readonly yes?: boolean
}

export const YES_RESPONSE: MessageShape<YesResponse> = { yes: { id: 1, type: 'bool' } }

export interface ServerMetadataResponse {
  readonly name?: string
  readonly version?: string
  readonly extensions?: readonly string[]
}

export const SERVER_METADATA_RESPONSE: MessageShape<ServerMetadataResponse> = {
  name: { id: 1, type: 'string' },
  version: { id: 2, type: 'string' },
  extensions: { id: 3, type: 'string', repeated: true },
}

export interface TensorMetadata {
  readonly name?: string
  readonly datatype?: string
  readonly shape?: BigInt64Array
}

export const TENSOR_METADATA: MessageShape<TensorMetadata> = {
  name: { id: 1, type: 'string' },
  datatype: { id: 2, type: 'string' },
  shape: { id: 3, type: 'int64', repeated: true },
}

export interface ModelMetadataResponse {
  readonly name?: string
  readonly versions?: readonly string[]
  readonly platform?: string
  readonly inputs?: readonly TensorMetadata[]
  readonly outputs?: readonly TensorMetadata[]
}

export const MODEL_METADATA_RESPONSE: MessageShape<ModelMetadataResponse> = {
  name: { id: 1, type: 'string' },
  versions: { id: 2, type: 'string', repeated: true },
  platform: { id: 3, type: 'string' },
  inputs: { id: 4, type: TENSOR_METADATA, repeated: true },
  outputs: { id: 5, type: TENSOR_METADATA, repeated: true },
}

export interface RepositoryIndexRequest {
  readonly repository_name?: string
  readonly ready?: boolean
}

export const REPOSITORY_INDEX_REQUEST: MessageShape<RepositoryIndexRequest> = {
  repository_name: { id: 1, type: 'string' },
  ready: { id: 2, type: 'bool' },
}

export interface ModelIndex {
  readonly name?: string
  readonly version?: string
  readonly state?: string
  readonly reason?: string
}

export const MODEL_INDEX: MessageShape<ModelIndex> = {
  name: { id: 1, type: 'string' },
  version: { id: 2, type: 'string' },
  state: { id: 3, type: 'string' },
  reason: { id: 4, type: 'string' },
}

export interface RepositoryIndexResponse {
  readonly models?: readonly ModelIndex[]
}

export const REPOSITORY_INDEX_RESPONSE: MessageShape<RepositoryIndexResponse> = {
  models: { id: 1, type: MODEL_INDEX, repeated: true },
}

/**
 * `grpc.health.v1`.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export interface HealthCheckRequest {
  readonly service?: string
}

export const HEALTH_CHECK_REQUEST: MessageShape<HealthCheckRequest> = { service: { id: 1, type: 'string' } }

export interface HealthCheckResponse {
  readonly status?: number
}

export const HEALTH_CHECK_RESPONSE: MessageShape<HealthCheckResponse> = { status: { id: 1, type: 'int32' } }
