import type { Context, Hono, Next } from 'hono'
import { attempt, type MaybePromise } from '../async/maybe-promise.ts'
import { RequestError } from '../errors/request-error.ts'
import { RETRY_SOON } from '../errors/retry-soon.ts'
import { Answer } from '../http/answer.ts'
import { answerPreflight, corsHeaders, withCors } from '../http/cors.ts'
import type { RequestSource } from '../http/request-source.ts'
import { respond, respondFailure } from '../http/respond.ts'
import { toJSON } from '../http/to-json.ts'
import type { Transport } from '../http/transport.ts'
import { isCrossSite } from '../network/cross-site.ts'
import type { OriginList } from '../network/origin-list.ts'
import { parseModelId } from '../predictor/model-id.ts'
import { DEFAULT_NAME, identifyModel } from '../predictor/model-info.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { challenged } from './challenged.ts'
import { answerContext, type DirectEndpoints, type Endpoint } from './endpoint.ts'
import { Exchange } from './exchange.ts'
import { isReady } from './is-ready.ts'
import { type MetricsPage, metricsRoute, showsMetrics } from './metrics-route.ts'
import { openapiRoute } from './openapi-route.ts'
import { playgroundRoute, showsPlayground } from './playground-route.ts'
import type { EndpointHost, RouteHost } from './route-host.ts'

/** The work of a route for one exchange. */
export type Work = (exchange: Exchange) => MaybePromise<Answer | Response>

/** One route of the application. */
interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly work: Work
  /** Whether the path is there for a caller. Default: for everybody. */
  readonly isShown?: (exchange: Exchange) => boolean
  /** Whether this application has the path at all. Default: yes. */
  readonly exists?: () => boolean
}

/** Every route of a host. What a route needs is made later: when the engine starts, or with the first request. */
function listRoutes(host: RouteHost): readonly Route[] {
  const routes: readonly Route[] = [
    { method: 'POST', path: '/predict', work: exchange => host.predict(exchange) },
    { method: 'GET', path: '/health', work: exchange => health(exchange, host) },
    { method: 'GET', path: '/ready', work: exchange => ready(exchange, host) },
    { method: 'GET', path: '/livez', work: exchange => respondJSON(exchange, { status: 'alive' }) },
  ]
  const { settings } = host
  return [
    ...routes,
    metrics(host),
    playground(host),
    ...(settings.openapi ? [{ method: 'GET', path: '/openapi.json', work: openapiRoute(host) } as const] : []),
  ]
}

function metrics(host: RouteHost): Route {
  // Without a page the route does not exist.
  const work = lazily(() => metricsRoute(host.metricsPage as MetricsPage))
  return { method: 'GET', path: '/metrics', work, isShown: showsMetrics, exists: () => host.metricsPage !== undefined }
}

function playground(host: RouteHost): Route {
  const work: Work = exchange => playgroundRoute(exchange, host.playground)
  return { method: 'GET', path: '/', work, isShown: showsPlayground, exists: () => host.playground !== undefined }
}

/** Makes what a route works with when its first request comes. */
export function lazily(make: () => Work): Work {
  let work: Work | undefined
  return exchange => {
    work ??= make()
    return work(exchange)
  }
}

/**
 * Adds every route to a Hono application, and an answer to everything else.
 *
 * @returns The endpoints that need no web `Request`, for a runtime that has something cheaper.
 */
export function addRoutes(app: Hono, host: RouteHost): DirectEndpoints {
  const routes = listRoutes(host)
  const direct = new Map<string, { readonly [method: string]: Endpoint }>([[SERVER_ITSELF, describeServer(host)]])
  for (const { method, path, work, isShown, exists } of routes) {
    const methods = method === 'GET' ? 'GET, HEAD' : method
    const endpoint = makeEndpoint({ route: path }, shownWhere(isShown, work), host)
    const answer = (context: Context, next: Next, chosen: Endpoint) =>
      exists?.() === false ? next() : answerContext(context, chosen)
    const paths = [path, ...namedPaths(path, host)]
    for (const each of paths) app.on(method, each, (context, next) => answer(context, next, endpoint))
    // A separate route, so that it also works where another application mounts this one.
    const refuseOther: Work = () => refuseMethod(methods)
    const refuse = makeEndpoint({ route: path, methods }, shownWhere(isShown, refuseOther), host)
    for (const each of paths) app.all(each, (context, next) => answer(context, next, refuse))
    // A path that is hidden from some callers takes the same way as one that does not exist, so that its 404 is the
    // same to the byte.
    const isDirect = isShown === undefined && (path !== '/predict' || !takesRequest(host.signature))
    if (isDirect) for (const each of paths) direct.set(each, { [method]: endpoint })
  }
  const unknown = makeEndpoint({ route: '*' }, () => refuseUnknown(), host)
  app.notFound(context => answerContext(context, unknown))
  return direct
}

const OF_A_MODEL: readonly string[] = ['/predict', '/health', '/ready']

/** Where a model that was given a name is found, too: as it would be beside others. It is the same route. */
function namedPaths(path: string, { modelInfo: { name } }: RouteHost): readonly string[] {
  if (name === DEFAULT_NAME || parseModelId(name)?.name !== name) return []
  return OF_A_MODEL.includes(path) ? [`/models/${name}${path}`] : []
}

/** The target of a request that asks about the server and no path (RFC 9110 §9.3.7). */
export const SERVER_ITSELF = '*'

const ALL_METHODS = 'GET, HEAD, POST, OPTIONS'

export function describeServer(host: EndpointHost): { readonly OPTIONS: Endpoint } {
  const work: Work = exchange => {
    const headers = { Allow: ALL_METHODS, 'X-Request-Id': exchange.id, 'X-Content-Type-Options': 'nosniff' }
    return new Answer(204, headers, null)
  }
  return { OPTIONS: makeEndpoint({ route: SERVER_ITSELF }, work, host) }
}

/** The same work for callers that may see the path; for all others it does not exist. */
export function shownWhere(isShown: Route['isShown'], work: Work): Work {
  return isShown === undefined ? work : exchange => (isShown(exchange) ? work(exchange) : refuseUnknown())
}

/** Whether predict gets the web `Request`, which a route without one cannot give. */
export function takesRequest({ parameters }: PredictSignature): boolean {
  return parameters.some(({ role }) => role === 'request')
}

/** Where an endpoint is. */
export interface EndpointPlace {
  /** The pattern of the path, for log and metrics. */
  readonly route: string
  /** The methods of the path, for pages of other origins that ask. */
  readonly methods?: string
  /** The protocol of the path, for log and metrics. */
  readonly protocol?: string
  /** Answers what was thrown, where that is not a problem document. */
  readonly refuse?: (thrown: unknown, exchange: Exchange) => Answer | Response
}

/** Runs one exchange from its beginning to its answer: nothing thrown leaves here. */
export function makeEndpoint(place: EndpointPlace, work: Work, host: EndpointHost): Endpoint {
  const { methods = ALL_METHODS, refuse } = place
  const { origins } = host
  const { challenges } = host.authenticator
  return source => {
    const exchange = new Exchange(source, place, host)
    const answer = (): MaybePromise<Answer | Response> => {
      if (isHidden(source.transport, host)) throw new RequestError('not_found')
      const preflight = answerPreflight(source, origins, methods)
      if (preflight !== undefined) return preflight
      refuseCrossSite(source, origins)
      if (host.lifecycle.state === 'stopping') throw new RequestError('draining', RETRY_SOON)
      return host.waitsForRequest && !host.lifecycle.isStarted ? startWith(work, exchange, host) : work(exchange)
    }
    const finish = (answered: Answer | Response, failure?: { readonly thrown: unknown }) => {
      const headers = corsHeaders(origins, source.headers.get('origin'))
      return exchange.answer(withCors(challenged(answered, challenges), headers), failure)
    }
    const succeed = (answered: Answer | Response) => finish(answered)
    const fail = (thrown: unknown) => {
      // For a caller that is not answered here there is no protocol either.
      const isOwn = refuse === undefined || isHidden(source.transport, host)
      return finish(isOwn ? respondFailure(thrown, exchange.id, host.logger) : refuse(thrown, exchange), { thrown })
    }
    if (exchange.trace === undefined) return attempt(answer, succeed, fail)
    // What is logged of a failure belongs to the trace, too.
    return exchange.trace.within(() => attempt(answer, succeed, fail))
  }
}

/** Starts the predictor, and works once it is ready; where it cannot be, the work says so. */
async function startWith(work: Work, exchange: Exchange, { lifecycle }: EndpointHost): Promise<Answer | Response> {
  await lifecycle.ready.catch(() => {})
  return work(exchange)
}

/** Whether nothing exists for this caller, who is outside of the private network. */
function isHidden({ isInsider }: Transport, { isPrivate }: EndpointHost): boolean {
  return isInsider === false || (isPrivate && isInsider !== true)
}

/** Before the credentials, which a browser adds by itself, and before the body. */
function refuseCrossSite({ method, headers, transport }: RequestSource, origins: OriginList): void {
  if (!isCrossSite({ method, headers, authority: () => transport.authority })) return
  if (origins.has(headers.get('origin') ?? '')) return
  throw new RequestError('cross_site', {
    detail: 'A web page of another origin sent this request. The option --cors-origin names the origins that may call.',
  })
}

/** The answer to a path that is not there. */
export function refuseUnknown(): never {
  throw new RequestError('not_found')
}

/** The answer to a method that a path does not have. */
export function refuseMethod(allow: string): never {
  throw new RequestError('method_not_allowed', { detail: `Use ${allow}.`, headers: { Allow: allow } })
}

/**
 * The result of the predictor's `health()`, while it can be called; with it, where enabled, the details of the engine.
 */
export async function health(exchange: Exchange, host: RouteHost): Promise<Answer> {
  const own = await host.engine.health()
  const details = describeHealth(host)
  return respondJSON(exchange, details === undefined ? own : { health: own, ...details })
}

/** What `healthDetails` adds to the answer of health: the engine, and which versions of models it has. */
export function describeHealth({
  engine,
  settings,
  modelInfo,
}: Pick<RouteHost, 'engine' | 'settings' | 'modelInfo'>): HealthDetails | undefined {
  if (!settings.healthDetails) return undefined
  const models = [modelInfo, ...Object.values(modelInfo.others ?? {})].map(identifyModel)
  return { engine: engine.describe?.(), models }
}

/** @see {@link describeHealth} */
export interface HealthDetails {
  readonly engine: unknown
  /** `words:v1@sha256:…`, the one that is served first. */
  readonly models: readonly string[]
}

/** 200 only when a call that came now could be taken. */
export function ready(exchange: Exchange, host: RouteHost): Answer {
  if (isReady(host)) return respondJSON(exchange, { status: 'ready' })
  const { state } = host.lifecycle
  if (state === 'starting') throw new RequestError('starting', RETRY_SOON)
  // Replicas that died are being replaced, or die too often for that.
  if (state === 'ready') throw new RequestError('unavailable', RETRY_SOON)
  throw new RequestError(state === 'failed' ? 'unavailable' : 'draining', RETRY_SOON)
}

/** A value as the JSON of an answer. */
export function respondJSON(exchange: Exchange, value: unknown): Answer {
  return respond(exchange.id, { contentType: 'application/json', body: toJSON(value) })
}
