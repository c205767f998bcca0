import type { Context } from 'hono'
import type { MaybePromise } from '../async/maybe-promise.ts'
import { type Answer, isStreaming, toResponse } from '../http/answer.ts'
import type { RequestSource } from '../http/request-source.ts'
import { TRANSPORT, type Transport } from '../http/transport.ts'
import { webTransport } from '../http/web-transport.ts'

/** One route, from a request to its answer. It never throws. */
export type Endpoint = (source: RequestSource) => MaybePromise<Answer | Response>

/** Endpoints by path, then by method. */
export type DirectEndpoints = ReadonlyMap<string, { readonly [method: string]: Endpoint }>

/**
 * Where an application keeps its endpoints for a runtime that has something cheaper than a web `Request` and knows how
 * to write an {@link Answer}. What is not in here goes through `fetch`.
 */
export const DIRECT_ENDPOINTS: unique symbol = Symbol.for('incant.directEndpoints')

/** Answers a request that came through Hono. */
export async function answerContext(context: Context, endpoint: Endpoint): Promise<Response> {
  const request = context.req.raw
  // Only runtimes with their own transport pass one; otherwise env is the argument of the caller of fetch.
  const env = context.env as { readonly [TRANSPORT]?: Transport } | undefined
  const transport = env?.[TRANSPORT] ?? webTransport(request)
  const { method, headers } = request
  const answer = await endpoint({ method, path: context.req.path, headers, transport, toRequest: () => request })
  const response = toResponse(answer)
  return transport.track?.(response, isStreaming(answer)) ?? response
}
