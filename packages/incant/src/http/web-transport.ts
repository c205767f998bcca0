import { RequestError } from '../errors/request-error.ts'
import type { ResponseEnd, Transport } from './transport.ts'

/** The transport of a plain web `Request`: for runtimes that hand over nothing else, and for calls without a socket. */
export function webTransport(request: Request): Transport {
  const { end, onEnd } = once()
  return {
    address: undefined,
    get scheme() {
      return new URL(request.url).protocol.slice(0, -1)
    },
    get authority() {
      return request.headers.get('host') ?? new URL(request.url).host
    },
    async readBody(maximum) {
      refuseDeclared(request, maximum)
      return collect(limitBody(request, maximum)).catch(refuseCut)
    },
    streamBody(maximum) {
      refuseDeclared(request, maximum)
      return request.body === null ? null : limitBody(request, maximum)
    },
    onEnd(listener) {
      onEnd(listener)
      if (request.signal.aborted) end({ aborted: true })
      else request.signal.addEventListener('abort', () => end({ aborted: true }), { once: true })
    },
    track(response, streaming) {
      if (streaming && response.body !== null) return new Response(watch(response.body, end), response)
      setTimeout(() => end({ aborted: false }), 0)
      return response
    },
  }
}

/** An end, reported to one listener, once. */
function once(): { end(how: ResponseEnd): void; onEnd(listener: (how: ResponseEnd) => void): void } {
  let tell: ((how: ResponseEnd) => void) | undefined
  return {
    end(how) {
      const listener = tell
      tell = undefined
      listener?.(how)
    },
    onEnd(listener) {
      tell = listener
    },
  }
}

/** A stream that reports when it was read to its end, failed, or was abandoned by its reader. */
function watch(stream: ReadableStream<Uint8Array>, end: (how: ResponseEnd) => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          controller.close()
          end({ aborted: false })
        } catch (error) {
          controller.error(error)
          end({ aborted: false, failure: { thrown: error } })
        }
      },
      cancel(reason) {
        // First, so that it ends the way it was asked to and not with the failure that its call then has.
        const cancelled = reader.cancel(reason)
        end({ aborted: true })
        return cancelled
      },
    },
    { highWaterMark: 0 },
  )
}

function refuseDeclared(request: Request, maximum: number): void {
  if (Number(request.headers.get('content-length') ?? 0) > maximum) throw tooLarge(maximum)
}

/** A body that fails on its way here is one whose sender has left. */
function refuseCut(cause: unknown): never {
  throw cause instanceof RequestError ? cause : new RequestError('client_closed', { cause })
}

/** The refusal of a body that has more bytes than it may. */
export function tooLarge(maximum: number): RequestError {
  return new RequestError('body_too_large', { detail: `A body may have ${maximum} bytes.` })
}

function limitBody(request: Request, maximum: number): ReadableStream<Uint8Array> {
  const body = request.body ?? new ReadableStream<Uint8Array>({ start: controller => controller.close() })
  let total = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.byteLength
      if (total > maximum) controller.error(tooLarge(maximum))
      else controller.enqueue(chunk)
    },
  })
  return body.pipeThrough(limit, { signal: request.signal })
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    length += value.byteLength
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}
