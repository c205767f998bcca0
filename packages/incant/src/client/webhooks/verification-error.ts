/** Why a webhook is not believed, for programs. */
export type WebhookVerificationErrorCode =
  /** One of the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` is absent or not well formed. */
  | 'invalid_headers'
  /** It was sent too long ago, or the clocks differ. */
  | 'outside_tolerance'
  /** No signature was made with one of the secrets: the sender is another one, or the body was changed. */
  | 'wrong_signature'
  /** It is signed, and its body is no job. */
  | 'invalid_body'

/**
 * A webhook that must not be believed. Answer it with 400. The message contains nothing of the secret or the body.
 *
 * @example
 * ```ts
 * if (error instanceof WebhookVerificationError) return new Response(error.message, { status: 400 })
 * ```
 */
export class WebhookVerificationError extends Error {
  override readonly name: string = 'WebhookVerificationError'
  readonly code: WebhookVerificationErrorCode

  constructor(message: string, code: WebhookVerificationErrorCode) {
    super(message)
    this.code = code
  }
}
