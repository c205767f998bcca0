/**
 * For `@incant/cli` of the same version, and for the scripts and tests of this repository. Nothing here is stable: a patch
 * version may change or remove it. What the command needs before the rest of a server is loaded has small entries of its
 * own below: `incant/internal/early`, `/options`, `/replica`, `/signature`.
 */

export { type FaceReport, reportFaces } from '../app/faces/describe-faces.ts'
export { type TokenListing, tokenState } from '../auth/tokens/record.ts'
export { REQUEST_ERRORS, STARTUP_ERRORS } from '../errors/codes.ts'
export { RequestError, type RequestErrorOptions } from '../errors/request-error.ts'
export { formatLocation } from '../errors/startup-error.ts'
export { consoleLogger } from '../log/logger.ts'
export { modelLogger } from '../log/model-logger.ts'
export { METRICS, type MetricDefinition } from '../metrics/definitions.ts'
export { checkModels } from '../node/check-models.ts'
export { checkServer } from '../node/check-server.ts'
export type { ReplicaSource } from '../node/choose-engine.ts'
export { describePredictor } from '../openapi/describe-predictor.ts'
export { APP_OPTIONS } from '../options/app-options.ts'
export type { OptionDefinition, OptionTable } from '../options/definition.ts'
export { describeExpectation, readOption } from '../options/read.ts'
export { SERVER_OPTIONS } from '../options/server-options.ts'
export { isPredictorClass } from '../predictor/base-predictor.ts'
export { type CaptureOptions, captureOutput, type OutputCapture } from '../process/log/capture-output.ts'
export { setHeapGrowth } from '../process/memory/heap-growth.ts'
export { parseSignature } from '../signature/parse.ts'
export { type ResolvedSignature, resolveSignature } from '../signature/resolve.ts'
export { SIGNATURE_VERSION } from '../signature/signature.ts'
export { formatDuration, formatSize } from '../units/quantities.ts'
export { fromStandardSchema } from '../validation/standard-schema.ts'
export { toValibot } from '../validation/to-valibot.ts'
export type { Validation, Validator } from '../validation/validation.ts'
export { compileValidator, type SchemaValidator } from '../validation/validator.ts'
