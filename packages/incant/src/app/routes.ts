import type { Context, Hono } from 'hono'
import { RequestError } from '../errors/request-error.ts'
import { reasonOf } from '../http/failure.ts'
import { respond, respondFailure } from '../http/respond.ts'
import { toJSON } from '../http/to-json.ts'
import { Exchange } from './exchange.ts'
import { openapiRoute } from './openapi-route.ts'
import { predictRoute } from './predict-route.ts'
import type { RouteHost } from './route-host.ts'

/** What a route makes of an exchange. */
export type Work = (exchange: Exchange) => Response | Promise<Response>

/** One route of the application. */
interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly work: Work
}

/** Every route of a host. */
function listRoutes(host: RouteHost): readonly Route[] {
  const routes: readonly Route[] = [
    { method: 'POST', path: '/predict', work: predictRoute(host) },
    { method: 'GET', path: '/health', work: exchange => health(exchange, host) },
    { method: 'GET', path: '/ready', work: exchange => ready(exchange, host) },
    { method: 'GET', path: '/livez', work: exchange => respondJSON(exchange, { status: 'alive' }) },
  ]
  if (!host.settings.openapi) return routes
  return [...routes, { method: 'GET', path: '/openapi.json', work: openapiRoute(host) }]
}

/** Adds every route to a Hono application, and an answer of ours to everything else. */
export function addRoutes(app: Hono, host: RouteHost): void {
  const routes = listRoutes(host)
  for (const { method, path, work } of routes) app.on(method, path, handle(path, work, host))
  const allowed = new Map(routes.map(({ method, path }) => [path, method === 'GET' ? 'GET, HEAD' : method]))
  app.notFound(context => handle('*', () => refuseUnknown(allowed.get(context.req.path)), host)(context))
}

/** Runs one exchange from its beginning to its answer: nothing thrown leaves here. */
function handle(route: string, work: Work, host: RouteHost): (context: Context) => Promise<Response> {
  return async context => {
    const exchange = new Exchange(context, route, host)
    try {
      if (host.lifecycle.state === 'stopping') throw new RequestError('draining', RETRY_SOON)
      return exchange.answer(await work(exchange))
    } catch (thrown) {
      return exchange.answer(respondFailure(thrown, exchange.id, host.logger), reasonOf(thrown))
    }
  }
}

const RETRY_SOON = { headers: { 'Retry-After': '1' } }

function refuseUnknown(allow: string | undefined): never {
  if (allow === undefined) throw new RequestError('not_found')
  throw new RequestError('method_not_allowed', { detail: `Use ${allow}.`, headers: { Allow: allow } })
}

/** The predictor's own word, as long as it can be asked. */
async function health(exchange: Exchange, host: RouteHost): Promise<Response> {
  return respondJSON(exchange, await host.engine.health())
}

/** 200 only when a call that came now could be taken. */
function ready(exchange: Exchange, host: RouteHost): Response {
  const { state } = host.lifecycle
  if (state === 'ready') return respondJSON(exchange, { status: 'ready' })
  if (state === 'starting') throw new RequestError('starting', RETRY_SOON)
  throw new RequestError(state === 'failed' ? 'unavailable' : 'draining', RETRY_SOON)
}

function respondJSON(exchange: Exchange, value: unknown): Response {
  return respond(exchange.id, { contentType: 'application/json', body: toJSON(value) })
}
