/** A webhook as it came: a standard `Request`, or its headers and its raw body. */
export type WebhookRequest = Request | ReceivedWebhook

/** The headers and the body of a webhook, as Node's `http`, Express or Fastify have them. */
export interface ReceivedWebhook {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body as it came. A signature is of bytes: a body that was parsed and written again does not match. */
  readonly body: string | Uint8Array
}

/** A header, an empty text where it is absent. */
export function readHeader({ headers }: WebhookRequest, name: string): string {
  // Packages bring Headers that are not an instance of the platform's.
  if (isHeaders(headers)) return headers.get(name) ?? ''
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : (found?.join(', ') ?? '')
}

function isHeaders(headers: WebhookRequest['headers']): headers is Headers {
  return 'get' in headers && typeof headers.get === 'function'
}

/**
 * The bytes of a body.
 *
 * @throws {TypeError} Where it was read or parsed already.
 */
export async function readRawBody(request: WebhookRequest): Promise<Uint8Array> {
  if ('arrayBuffer' in request) {
    if (!request.bodyUsed) return new Uint8Array(await request.arrayBuffer())
    throw new TypeError('The body of the request was read already: pass { headers, body } with the text or the bytes.')
  }
  const body: unknown = request.body
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return body
  throw new TypeError(
    `body is of type ${typeof body}: pass the raw text or bytes, such as those of express.raw(), not what was parsed.`,
  )
}
