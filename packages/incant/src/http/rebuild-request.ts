import { exactBytes } from './exact-bytes.ts'
import type { RequestSource } from './request-source.ts'

/** A request as it came, and the signal of its call. */
type CalledSource = Omit<RequestSource, 'method'> & { signal(): AbortSignal }

/** A body without bytes. */
export function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: controller => controller.close() })
}

/** A request whose body is read as it comes. */
export function streamRequest(source: CalledSource, limits: { readonly maxBodySize: number }): Request {
  return rebuildRequest(source, source.transport.streamBody(limits.maxBodySize))
}

/** A request whose body was read. */
export function bufferedRequest(source: CalledSource, bytes: Uint8Array): Request {
  return rebuildRequest(source, exactBytes(bytes))
}

/** The request as it came, its body under our limit and its signal that of the call. */
function rebuildRequest(
  source: CalledSource,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
): Request {
  const { url, method, headers } = source.toRequest()
  // `duplex` is required for a stream (Fetch §5.4) and not yet in the types of every runtime.
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, signal: source.signal(), duplex: 'half' }
  return new Request(url, init)
}
