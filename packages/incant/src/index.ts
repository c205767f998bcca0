export { HTTPException } from 'hono/http-exception'
export type { AppOptions } from './app/app-options.ts'
export { createApp } from './app/create-app.ts'
export type { LifecycleState } from './app/lifecycle.ts'
export type { PredictorApp } from './app/predictor-app.ts'
export type { Challenges } from './auth/challenge.ts'
export type { Access } from './auth/policy/policy.ts'
export type { RequestErrorCode, StartupErrorCode } from './errors/codes.ts'
export type { ValidationIssue } from './errors/issue.ts'
export type { SourceLocation } from './errors/location.ts'
export { StartupError, type StartupErrorOptions, type StartupProblem } from './errors/startup-error.ts'
export type { Problem } from './http/problem.ts'
export { type CallLogger, type LogFields, type Logger, type LogLevel, silentLogger } from './log/logger.ts'
export type { AppSettings } from './options/app-options.ts'
export { BackgroundTasks } from './predictor/background-tasks.ts'
export { BasePredictor, type PredictMethod, type PredictorClass } from './predictor/base-predictor.ts'
export { type BatchOptions, BatchPredictor, batch, type PredictorDecorator } from './predictor/batch-predictor.ts'
export { concurrency } from './predictor/concurrency.ts'
export type { ClientInfo, PredictContext, Principal } from './predictor/context.ts'
export type { FieldsOf, Form, FormFields } from './predictor/form.ts'
export type { ModelInfo } from './predictor/model-info.ts'
export type { AsData, Model, ModelPayload, ModelResult, Models } from './predictor/models.ts'
export { SequencePredictor, type Step } from './predictor/sequence-predictor.ts'
export type { Tensor, TensorDatatype, TensorElements } from './predictor/tensor.ts'
export type {
  DecodedFile,
  DecodedText,
  DecodedType,
  Definitions,
  JSONSchema,
  JSONTypeName,
  JSONValue,
  NumberArrayType,
  TensorRemark,
} from './schema/json-schema.ts'
export { input, type PredictDecorator, takes, withFullRequest } from './signature/decorators.ts'
export type {
  BodyClass,
  BodyRole,
  ExampleSignature,
  Hint,
  ParameterSignature,
  PredictSignature,
  RequestProtocol,
  ReturnSignature,
  Role,
  SignatureData,
} from './signature/signature.ts'
export type { Duration, Size } from './units/quantities.ts'
