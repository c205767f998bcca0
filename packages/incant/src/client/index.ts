export type { BasicCredentials, ClientAuth, ClientSecret } from './auth.ts'
export { type JSONBody, json } from './body.ts'
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
} from './errors.ts'
export { ModelServer } from './model-server.ts'
export type { CallOptions, Fetch, ModelServerOptions, RequestHeaders, RetryOptions } from './options.ts'
export type { BinaryBody, Health, Prediction, PredictionStream, PredictParameters } from './types/call.ts'
export type { Received, Sendable } from './types/wire.ts'
