import type { Context } from 'hono'
import type { MaybePromise } from '../async/maybe-promise.ts'
import { type Answer, isStreaming, toResponse } from '../http/answer.ts'
import type { RequestSource } from '../http/request-source.ts'
import { TRANSPORT, type Transport } from '../http/transport.ts'
import { webTransport } from '../http/web-transport.ts'

/** One route, from a request to its answer. It never throws. */
export type Endpoint = (source: RequestSource) => MaybePromise<Answer | Response>

/** Endpoints by path, then by method. */
export interface DirectEndpoints {
  get(path: string): { readonly [method: string]: Endpoint } | undefined
}

/**
 * Where an application keeps its endpoints for a runtime that has something cheaper than a web `Request` and knows how
 * to write an {@link Answer}. What is not in here goes through `fetch`.
 */
export const DIRECT_ENDPOINTS: unique symbol = Symbol.for('incant.directEndpoints')

/**
 * Answers a request that came through Hono.
 *
 * @param params - The parameters of its path, where the route has some.
 */
export async function answerContext(
  context: Context,
  endpoint: Endpoint,
  params?: RequestSource['params'],
): Promise<Response> {
  const request = context.req.raw
  // Only runtimes with their own transport pass one; otherwise env is the argument of the caller of fetch.
  const env = context.env as { readonly [TRANSPORT]?: Transport } | undefined
  const transport = env?.[TRANSPORT] ?? webTransport(request)
  const { method, headers } = request
  const target = targetOf(request.url)
  const source = { method, path: context.req.path, target, params, headers, transport, toRequest: () => request }
  const answer = await endpoint(source)
  const response = toResponse(answer)
  return transport.track?.(response, isStreaming(answer)) ?? response
}

/** The path and the query of a URL. */
function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2)
  return path === -1 ? '/' : url.slice(path)
}
