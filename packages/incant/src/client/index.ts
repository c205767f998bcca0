export {
  AuthenticationError,
  ConnectionError,
  DeadlineExceededError,
  InvalidPayloadError,
  InvalidResponseError,
  ModelServerError,
  type ModelServerErrorCode,
  type ModelServerErrorOptions,
  RateLimitedError,
  RequestRefusedError,
  ServerFailedError,
  TimeoutError,
  UnavailableError,
} from './failures/errors.ts'
export { ModelServer } from './model-server.ts'
export type { BasicCredentials, ClientAuth, ClientSecret } from './request/auth.ts'
export { type JSONBody, json } from './request/body.ts'
export { type FormBody, form } from './request/form.ts'
export type { RequestHeaders } from './request/headers.ts'
export type { CallOptions, Fetch, ModelServerOptions, RetryOptions } from './request/options.ts'
export type { BinaryBody, Health, Prediction, PredictionStream, PredictParameters } from './types/call.ts'
export type { Received, Sendable } from './types/wire.ts'
