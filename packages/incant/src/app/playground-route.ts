import { Answer } from '../http/answer.ts'
import { acceptsGzip, isUnchanged, VARIES } from '../http/compress.ts'
import type { Exchange } from './exchange.ts'

/** The page to try a predictor: one constant document, without a word of the model. */
export interface Playground {
  /** Reads the page with its first request, and gives the same one from then on. */
  read(): Promise<PlaygroundFile>
}

/** The page and what is sent with it. */
export interface PlaygroundFile {
  readonly html: string
  readonly gzip: Uint8Array
  /** A quoted entity tag (RFC 9110 §8.8.3). */
  readonly etag: string
  /** The `Content-Security-Policy`, with the hashes of the page's script and style. */
  readonly policy: string
}

/** `GET /`: the page, where the transport says that this caller is shown it. */
export async function playgroundRoute(
  { id, headers }: Exchange,
  playground: Playground | undefined,
): Promise<Answer | Response> {
  if (playground === undefined) throw new TypeError('the route exists only where there is a page')
  const { html, gzip, etag, policy } = await playground.read()
  const lines = { 'X-Request-Id': id, ETag: etag, 'Cache-Control': 'no-cache', ...VARIES, ...SAFE }
  if (isUnchanged(headers, etag)) return new Answer(304, lines, null)
  const isSmall = acceptsGzip(headers.get('accept-encoding'))
  const content = { ...lines, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy }
  return isSmall ? new Answer(200, { ...content, 'Content-Encoding': 'gzip' }, gzip) : new Answer(200, content, html)
}

/** Whether a caller is shown the page. Where nobody has said so, it is not. */
export function showsPlayground({ source }: Exchange): boolean {
  return source.transport.showsPage === true
}

/** No page frames this one, opens it with a handle on it, or learns where it came from. */
const SAFE = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(self)',
} as const
