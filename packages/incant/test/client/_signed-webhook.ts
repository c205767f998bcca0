/** The secret of the examples of Standard Webhooks. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** A webhook of November 2023, signed with {@link WEBHOOK_SECRET} by `node:crypto`. */
export const SIGNED_WEBHOOK = {
  headers: {
    'webhook-id': 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,9DBq3N4H5VbVHkT8xHsdRfGoSNEmbEjXiVQXEw4Zr4Q=',
  },
  body: '{"id":"a","status":"canceled"}',
}
