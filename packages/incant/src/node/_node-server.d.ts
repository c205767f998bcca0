/*
 * The one function that is used of `@hono/node-server`, as its own types give it. Those types also import the ones of
 * WebSockets, which need a browser's declarations and do not compile without; `paths` in tsconfig.base.json leads here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ListenerOptions {
  /** Stands for a missing Host line, which only HTTP/1.0 may have. */
  readonly hostname?: string
  /** Whether the adapter drops what is left of a body. */
  readonly autoCleanupIncoming?: boolean
  readonly overrideGlobalObjects?: boolean
  readonly errorHandler?: (error: unknown) => Response | Promise<Response>
}

export type FetchCallback<Outgoing> = (
  request: Request,
  environment: { incoming: IncomingMessage; outgoing: Outgoing },
) => Response | Promise<Response>

export function getRequestListener<Outgoing extends ServerResponse>(
  fetch: FetchCallback<Outgoing>,
  options?: ListenerOptions,
): (incoming: IncomingMessage, outgoing: Outgoing) => Promise<void>
