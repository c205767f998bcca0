import dns, { type LookupAddress } from 'node:dns'
import { type IncomingMessage, request as requestHTTP } from 'node:http'
import { request as requestHTTPS } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import {
  type OutgoingWebhook,
  type WebhookAnswer,
  WebhookFailure,
  type WebhookTransport,
} from '../../jobs/webhooks/webhook-transport.ts'
import { describeFailure, FORBIDDEN_ADDRESS } from './describe-failure.ts'
import { hostOf, WebhookPolicy } from './webhook-policy.ts'

/** Milliseconds that an attempt may take, from the look-up of the name to the end of the answer. */
const TIME_LIMIT = 10_000

/** Bytes of an answer that are read and dropped before the connection is closed. */
const LONGEST_ANSWER = 65_536

/** Options of {@link WebhookSender}. */
export interface WebhookSenderOptions {
  /** Addresses and CIDR blocks that are open beside the public ones. */
  readonly allow: readonly string[]
  /** Milliseconds. @default 10_000 */
  readonly timeLimit?: number
}

/**
 * Sends webhooks over sockets. The address is checked when a connection is made, since a name may lead to another one
 * than it did before (DNS rebinding). A connection serves one attempt: nothing stays open, and no proxy of the environment
 * is asked.
 */
export class WebhookSender implements WebhookTransport {
  readonly #policy: WebhookPolicy
  readonly #timeLimit: number

  /** @throws {StartupError} `invalid_option`, where an address is none. */
  constructor({ allow, timeLimit = TIME_LIMIT }: WebhookSenderOptions) {
    this.#policy = new WebhookPolicy(allow)
    this.#timeLimit = timeLimit
  }

  findFault(url: string): string | undefined {
    return this.#policy.findFault(url)
  }

  async send(webhook: OutgoingWebhook, signal: AbortSignal): Promise<WebhookAnswer> {
    const url = new URL(webhook.url)
    // A socket looks up no name where the host is an address.
    if (isIP(hostOf(url)) !== 0 && !this.#policy.allows(hostOf(url), url.protocol === 'https:'))
      throw new WebhookFailure(FORBIDDEN_ADDRESS)
    const limit = new AbortController()
    const stop = () => limit.abort()
    const timer = setTimeout(stop, this.#timeLimit)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      return await this.#exchange(url, webhook, limit.signal)
    } catch (thrown) {
      const isLate = limit.signal.aborted && !signal.aborted
      throw new WebhookFailure(isLate ? `no answer within ${this.#timeLimit / 1000} s` : describeFailure(thrown))
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }

  #exchange(url: URL, { headers, body }: OutgoingWebhook, signal: AbortSignal): Promise<WebhookAnswer> {
    const isSecure = url.protocol === 'https:'
    const options = { method: 'POST', agent: false, signal, headers, lookup: this.#lookUp(isSecure) } as const
    return new Promise((resolve, reject) => {
      let isAnswered = false
      const request = (isSecure ? requestHTTPS : requestHTTP)(url, options, response => {
        isAnswered = true
        const answer = { status: response.statusCode ?? 0, retryAfter: readRetryAfter(response) }
        discard(response, () => resolve(answer))
      })
      // An attempt that breaks, or is cut off, after the head of the answer has its answer.
      const fail = (thrown?: Error) => isAnswered || reject(thrown)
      // After a 101 there is neither an answer nor an error.
      request.on('error', fail).on('close', fail)
      request.end(body)
    })
  }

  /** Gives a socket those addresses of a name that are allowed. */
  #lookUp(isSecure: boolean): LookupFunction {
    return (hostname, options, callback) => {
      dns.lookup(hostname, { ...options, all: true }, (failure, found: readonly LookupAddress[] = []) => {
        const allowed = found.filter(({ address }) => this.#policy.allows(address, isSecure))
        const [first] = allowed
        if (failure !== null) callback(failure, '')
        else if (first === undefined) callback(new WebhookFailure(FORBIDDEN_ADDRESS), '')
        else if (options.all === true) callback(null, allowed)
        else callback(null, first.address, first.family)
      })
    }
  }
}

/** Reads an answer to its end without keeping it; one that is too long, or breaks, is left. */
function discard(response: IncomingMessage, onEnd: () => void): void {
  let length = 0
  response.on('error', () => {})
  response.on('data', ({ length: more }: Uint8Array) => {
    length += more
    if (length > LONGEST_ANSWER) response.destroy()
  })
  response.once('close', onEnd)
}

/** Seconds alone (RFC 9110 §10.2.3): the clock of a receiver may differ. */
function readRetryAfter({ headers }: IncomingMessage): number | undefined {
  const value = headers['retry-after']
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
