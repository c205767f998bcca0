import { Hono } from 'hono'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { AppHost } from './app-host.ts'
import type { AppOptions } from './app-options.ts'
import { DIRECT_ENDPOINTS, type DirectEndpoints } from './endpoint.ts'
import { addFaces } from './faces/add-faces.ts'
import { facesOf } from './faces/faces-of-host.ts'
import { OwnRoutesLast } from './own-routes-last.ts'
import type { PredictorApp } from './predictor-app.ts'
import { addRoutes } from './routes.ts'

/** Where an application keeps its host, for a server that it is passed to. */
const APP_HOST: unique symbol = Symbol.for('incant.appHost')

/**
 * Creates a Hono application that serves a predictor. Routes and middleware can be added to it until its first request:
 * they come before its own.
 *
 * Its setup starts in the next turn of the event loop; where a runtime permits no timer, as in the global scope of a
 * Cloudflare Worker, with the first request, which waits for it.
 *
 * @example
 * ```ts
 * const app = createApp(Predictor)
 * await app.ready
 * const response = await app.request('/predict', { method: 'POST', body: '{"text":"hi"}' })
 * ```
 * @throws {StartupError} Where the predictor or an option cannot work; each code is in `docs/errors.md`.
 */
export function createApp(predictor: PredictorClass, options: AppOptions = {}): PredictorApp {
  const host = new AppHost(predictor, options)
  const router = new OwnRoutesLast()
  const app = new Hono({ router })
  const direct = router.addOurs(app, () => addFaces(app, facesOf(host), { host, direct: addRoutes(app, host) }))
  startSoon(host)
  // Middleware of a person's own sees every request.
  return present(app, host, () => (router.hasOthers ? NONE : direct))
}

/** The host of an application that {@link createApp} made. */
export function hostOf(app: object): AppHost | undefined {
  // Nothing else writes it.
  return (app as { readonly [APP_HOST]?: AppHost })[APP_HOST]
}

const NONE: DirectEndpoints = new Map()

/** Lets what is done in this turn still reach the application: a server that adopts it. */
function startSoon(host: AppHost): void {
  try {
    setTimeout(() => host.startUnlessExpected(), 0)
  } catch {
    host.waitsForRequest = true
  }
}

function present(app: Hono, host: AppHost, direct: () => DirectEndpoints): PredictorApp {
  const { signature, authenticator } = host
  return Object.defineProperties(app, {
    [APP_HOST]: { value: host },
    [DIRECT_ENDPOINTS]: { get: direct },
    signature: { value: signature },
    access: { value: authenticator.access },
    challenges: { value: authenticator.challenges },
    ready: { get: () => host.lifecycle.ready },
    state: { get: () => host.lifecycle.state },
    unfinished: { get: () => host.lifecycle.unfinished },
    drain: { value: () => host.lifecycle.drain() },
    stop: { value: () => host.lifecycle.stop() },
    close: { value: () => host.close() },
    // The properties just defined are the interface's.
  }) as PredictorApp
}
