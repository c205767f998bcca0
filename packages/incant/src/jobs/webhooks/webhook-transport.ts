/** Sends webhooks. Given to an application by what has sockets. */
export interface WebhookTransport {
  /** Why a URL can never be one of a webhook, as the end of a sentence that begins with it. Undefined: it may be. */
  findFault(url: string): string | undefined
  /**
   * Makes one attempt. Redirects are not followed, and of the answer only the status counts.
   *
   * @param signal - Ends the attempt.
   * @throws {WebhookFailure} Where no answer came.
   */
  send(webhook: OutgoingWebhook, signal: AbortSignal): Promise<WebhookAnswer>
}

/** A webhook as it goes over the wire. */
export interface OutgoingWebhook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What a receiver answered. */
export interface WebhookAnswer {
  readonly status: number
  /** Seconds after which it wants to be asked again. */
  readonly retryAfter: number | undefined
}

/** A webhook got no answer. The message says why in a few words, without an address: the caller of the job sees it. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure'
}
