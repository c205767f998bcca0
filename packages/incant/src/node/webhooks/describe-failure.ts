import { WebhookFailure } from '../../jobs/webhooks/webhook-transport.ts'

/**
 * What a caller reads where a host has no address that is allowed. It is the same for a name that does not exist, so that
 * no names of a private network can be found out.
 */
export const FORBIDDEN_ADDRESS = 'the host has no public address'

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: FORBIDDEN_ADDRESS,
  EAI_AGAIN: 'the host name could not be resolved',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
}

/** Why an attempt failed, in a few words without an address. */
export function describeFailure(thrown: unknown): string {
  if (thrown instanceof WebhookFailure) return thrown.message
  const code = codeOf(thrown)
  if (code === undefined) return 'the connection failed'
  if (/^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_)|_CERT_|^EPROTO$/.test(code))
    return `TLS failed (${code})`
  return REASONS[code] ?? (code.startsWith('HPE_') ? 'the answer is not HTTP' : 'the connection failed')
}

/** Where several addresses were tried, the code is that of the first. */
function codeOf(thrown: unknown): string | undefined {
  const error = thrown instanceof AggregateError ? thrown.errors[0] : thrown
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
