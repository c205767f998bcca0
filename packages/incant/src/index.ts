export { HTTPException } from 'hono/http-exception'
export type { AppOptions, EngineFactory } from './app/app-options.ts'
export { createApp } from './app/create-app.ts'
export type { LifecycleState } from './app/lifecycle.ts'
export type { PredictorApp } from './app/predictor-app.ts'
export type { CallScope } from './engine/call-scope.ts'
export {
  REQUEST_ERRORS,
  type RequestErrorCode,
  STARTUP_ERRORS,
  type StartupErrorCode,
} from './errors/codes.ts'
export type { ValidationIssue } from './errors/issue.ts'
export type { SourceLocation } from './errors/location.ts'
export { RequestError, type RequestErrorOptions } from './errors/request-error.ts'
export { formatLocation, StartupError, type StartupErrorOptions, type StartupProblem } from './errors/startup-error.ts'
export type { Problem } from './http/problem.ts'
export { consoleLogger, type LogFields, type Logger, type LogLevel, silentLogger } from './log/logger.ts'
export { METRICS, type MetricDefinition } from './metrics/definitions.ts'
export { describePredictor } from './openapi/describe-predictor.ts'
export type { PredictorDescription } from './openapi/description.ts'
export type { OpenAPIDocument } from './openapi/document.ts'
export { APP_OPTIONS, type AppSettings } from './options/app-options.ts'
export type { Duration, OptionDefinition, OptionTable, Size } from './options/definition.ts'
export { describeExpectation, readOption } from './options/read.ts'
export { formatDuration, formatSize } from './options/units.ts'
export { BackgroundTasks } from './predictor/background-tasks.ts'
export { BasePredictor, isPredictorClass, type PredictMethod, type PredictorClass } from './predictor/base-predictor.ts'
export { type BatchOptions, BatchPredictor, batch } from './predictor/batch-predictor.ts'
export { concurrency } from './predictor/concurrency.ts'
export type { ClientInfo, PredictContext, Principal } from './predictor/context.ts'
export type { FieldsOf, Form, FormFields } from './predictor/form.ts'
export type { ModelInfo } from './predictor/model-info.ts'
export type { DecodedType, Definitions, JSONSchema, JSONTypeName, JSONValue } from './schema/json-schema.ts'
export { input, type PredictDecorator, takes, withFullRequest } from './signature/decorators.ts'
export { parseSignature } from './signature/parse.ts'
export { type ResolvedSignature, resolveSignature } from './signature/resolve.ts'
export {
  type BodyClass,
  type BodyRole,
  type ParameterSignature,
  type PredictSignature,
  type ReturnSignature,
  type Role,
  SIGNATURE_VERSION,
  type SignatureData,
} from './signature/signature.ts'
export { fromStandardSchema } from './validation/standard-schema.ts'
export { toValibot } from './validation/to-valibot.ts'
export type { Validation, Validator } from './validation/validation.ts'
export { compileValidator, type SchemaValidator } from './validation/validator.ts'
