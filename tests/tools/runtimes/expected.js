/** What the scenario finds in every runtime, to the letter. */
export const EXPECTED = {
  health: { status: 'ok' },
  ready: true,
  predict: { echo: 'Grüße, 世界 🎉' },
  stream: [1, 2, 3],
  brokenOff: 2,
  invalid: { isOfClass: true, name: 'InvalidPayloadError', code: 'invalid_payload', status: 422 },
  unauthorized: { isOfClass: true, name: 'AuthenticationError', code: 'unauthorized', status: 401 },
  wrongToken: { isOfClass: true, name: 'AuthenticationError', code: 'invalid_credentials', status: 401 },
  busy: { isOfClass: true, name: 'UnavailableError', code: 'queue_full', status: 503 },
  retried: { statuses: [503, 200], answer: { echo: 'later attempt' } },
  abortedStream: 'enough of the stream',
  abortedCall: 'enough of waiting',
  webhook: { id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk', job: { id: 'a', status: 'canceled' } },
  forgedWebhook: { isOfClass: true, name: 'WebhookVerificationError', code: 'wrong_signature' },
  afterwards: { echo: 'free again' },
}
