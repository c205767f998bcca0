import { Hono } from 'hono'
import { StartupError } from '../errors/startup-error.ts'
import type { Face } from '../faces/face.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { AppHost } from './app-host.ts'
import type { AppOptions } from './app-options.ts'
import { DIRECT_ENDPOINTS, type DirectEndpoints } from './endpoint.ts'
import { addFaces } from './faces/add-faces.ts'
import { facesOf, methodsOf } from './faces/faces-of-host.ts'
import type { FaceMethods } from './faces/methods-of-face.ts'
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

/**
 * The routes of a protocol that has a listener to itself. There are none while the application has middleware or routes of a
 * person's own, which such calls would go past.
 *
 * @throws {StartupError} `protocol_unfit`; `invalid_option`, where the application has some already.
 */
export function methodsOfApp(app: object, face: Face): FaceMethods {
  const host = hostOf(app)
  // Every application that a server is given has one.
  if (host === undefined) throw new TypeError('the application was not made by createApp')
  if (hasOthers(app)) throw goesPast()
  const methods = methodsOf(face, host)
  return { ...methods, find: path => (hasOthers(app) ? undefined : methods.find(path)) }
}

function hasOthers(app: object): boolean {
  // Nothing else writes it.
  return (app as { readonly [DIRECT_ENDPOINTS]?: DirectEndpoints })[DIRECT_ENDPOINTS] === NONE
}

function goesPast(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the application has middleware or routes beside those of createApp, which calls of gRPC would go past',
    instead: 'Serve the predictor without them, or without grpcListen.',
  })
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
