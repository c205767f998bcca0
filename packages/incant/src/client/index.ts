export {
  AuthenticationError,
  ConnectionError,
  DeadlineExceededError,
  InvalidPayloadError,
  InvalidResponseError,
  ModelClientError,
  type ModelClientErrorCode,
  type ModelClientErrorOptions,
  RateLimitedError,
  RequestRefusedError,
  ServerFailedError,
  TimeoutError,
  UnavailableError,
} from './failures/errors.ts'
export type { JobReference } from './jobs/job-id.ts'
export { ModelClient } from './model-client.ts'
export type { BasicCredentials, ClientAuth, ClientSecret } from './request/auth.ts'
export { type JSONBody, json } from './request/body.ts'
export { type FormBody, form } from './request/form.ts'
export type { RequestHeaders } from './request/headers.ts'
export type {
  CallOptions,
  Fetch,
  ModelClientOptions,
  RetryOptions,
  SubmitOptions,
  WebhookEvent,
} from './request/options.ts'
export type {
  BinaryBody,
  Health,
  Prediction,
  PredictionStream,
  PredictParameters,
  SubmitParameters,
} from './types/call.ts'
export type {
  EndedJob,
  Job,
  JobEvent,
  JobFields,
  JobItem,
  JobOutput,
  JobStatus,
  JobURLs,
  PendingJob,
  SucceededJob,
  UnsuccessfulJob,
} from './types/job.ts'
export type { Received, Sendable } from './types/wire.ts'
export { WebhookVerificationError, type WebhookVerificationErrorCode } from './webhooks/verification-error.ts'
export { type VerifyWebhookOptions, verifyWebhook, type Webhook } from './webhooks/verify-webhook.ts'
export type { ReceivedWebhook, WebhookRequest } from './webhooks/webhook-request.ts'
