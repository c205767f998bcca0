// What reads signatures needs: data, and how to refuse. Small to load, since it is loaded before every start.

export type { StartupErrorCode } from '../errors/codes.ts'
export type { SourceLocation } from '../errors/location.ts'
export { bothOrProblems, Problems } from '../errors/problems.ts'
export { formatLocation, StartupError, type StartupErrorOptions, type StartupProblem } from '../errors/startup-error.ts'
export { formatModelId, MODEL_ID_RULE, type ModelName, parseModelId } from '../predictor/model-id.ts'
export { identifyModel } from '../predictor/model-info.ts'
export type {
  DecodedType,
  Definitions,
  JSONSchema,
  JSONTypeName,
  JSONValue,
  TensorRemark,
} from '../schema/json-schema.ts'
export { isMediaRangeList } from '../schema/media-range.ts'
export { NUMBER_ARRAYS, numberArraySchema } from '../schema/number-arrays.ts'
export { mapSubschemas, subschemas } from '../schema/subschemas.ts'
export { findDatatype, TENSOR_DATATYPES } from '../schema/tensor.ts'
export { tensorForm } from '../schema/tensor-form.ts'
export { isFault, type TensorFault } from '../schema/tensor-layout.ts'
export { attachedSignature, attachSignature } from './attached.ts'
export {
  type BodyClass,
  type BodyRole,
  type ExampleSignature,
  HINTS,
  type Hint,
  isBodyRole,
  type ParameterSignature,
  type PredictSignature,
  type RequestProtocol,
  type ReturnSignature,
  type Role,
  SIGNATURE_VERSION,
} from './signature.ts'
