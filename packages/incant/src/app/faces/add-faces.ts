import type { Context, Hono } from 'hono'
import type { Face } from '../../faces/face.ts'
import type { FaceRoute } from '../../faces/route.ts'
import { answerContext, type DirectEndpoints, type Endpoint } from '../endpoint.ts'
import type { EndpointHost } from '../route-host.ts'
import { makeEndpoint, refuseMethod, refuseUnknown, type Work } from '../routes.ts'
import { EndpointTable } from './endpoint-table.ts'
import { type FaceHost, workOfFace } from './face-work.ts'
import { hasParameters } from './match-path.ts'
import type { ServedSubject } from './models-of-caller.ts'
import { refuseInFace } from './refuse-in-face.ts'

/** A face and the models that fit it. */
export interface ServedFace extends FaceHost {
  readonly face: Face
}

/** One path of a face: what answers each of its methods, and every other one. */
interface FacePath {
  readonly path: string
  readonly methods: { readonly [method: string]: Endpoint }
  readonly refuse: Endpoint
}

/**
 * Adds the routes of faces to an application, and an answer in the form of each face to everything else below its paths.
 *
 * @param direct - The endpoints that the application has already: none of them is replaced.
 * @returns All endpoints that need no web `Request`.
 */
export function addFaces(
  app: Hono,
  faces: readonly ServedFace[],
  { host, direct }: { readonly host: EndpointHost; readonly direct: DirectEndpoints },
): DirectEndpoints {
  if (faces.length === 0) return direct
  const paths = listPaths(faces, host)
  for (const { path, methods, refuse } of paths) {
    const pattern = path.replace(/\/\*$/, '/:rest{.+}')
    for (const [method, endpoint] of Object.entries(methods))
      app.on(method, pattern, context => answerParameters(context, endpoint))
    app.all(pattern, context => answerParameters(context, refuse))
  }
  for (const served of faces) addUnknown(app, served, host)
  const [exact, patterns] = [paths.filter(isExact), paths.filter(path => !isExact(path))]
  const known = new Map(exact.map(({ path, methods }) => [path, methods]))
  const first: DirectEndpoints = { get: path => direct.get(path) ?? known.get(path) }
  return new EndpointTable(
    first,
    patterns.map(({ path, methods }) => [path, methods]),
  )
}

function isExact({ path }: FacePath): boolean {
  return !hasParameters(path)
}

/** Those without parameters first. Of two faces that have the same route, the first one has it, with the models of both. */
function listPaths(faces: readonly ServedFace[], host: EndpointHost): readonly FacePath[] {
  const paths = new Map<string, FacePath>()
  for (const served of faces) {
    const modelsOf = (route: FaceRoute) => modelsOfRoute(route, served, faces)
    for (const path of new Set(served.face.routes.map(route => route.path))) {
      const added = makePath(path, served, { host, modelsOf })
      const former = paths.get(path)
      paths.set(path, former === undefined ? added : { ...former, methods: { ...added.methods, ...former.methods } })
    }
  }
  const all = [...paths.values()]
  return [...all.filter(isExact), ...all.filter(path => !isExact(path))]
}

/** The models of a route: those of every face that has it. A list that two protocols have is the list of both. */
function modelsOfRoute(
  { method, path }: FaceRoute,
  served: ServedFace,
  faces: readonly ServedFace[],
): readonly ServedSubject[] {
  const others = faces.filter(
    ({ face }) => face !== served.face && face.routes.some(other => other.method === method && other.path === path),
  )
  if (others.length === 0) return served.models()
  const all = [served, ...others].flatMap(({ models }) => models())
  return all.filter((model, index) => all.findIndex(({ host }) => host === model.host) === index)
}

interface PathHost {
  readonly host: EndpointHost
  modelsOf(route: FaceRoute): readonly ServedSubject[]
}

function makePath(path: string, served: ServedFace, { host, modelsOf }: PathHost): FacePath {
  const routes = served.face.routes.filter(route => route.path === path)
  const allowed = routes.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')
  const endpointOf = (work: Work): Endpoint =>
    makeFaceEndpoint({ route: path, methods: allowed }, work, { served, host })
  const answer = (route: FaceRoute): Endpoint =>
    endpointOf(exchange => workOfFace(exchange, { route, subjects: modelsOf(route) }, served))
  return {
    path,
    methods: Object.fromEntries(routes.map(route => [route.method, answer(route)])),
    refuse: endpointOf(() => refuseMethod(allowed)),
  }
}

/** An endpoint of a face, which answers what is thrown in the form of the protocol. */
export function makeFaceEndpoint(
  place: { readonly route: string; readonly methods?: string },
  work: Work,
  { served, host }: { readonly served: ServedFace; readonly host: EndpointHost },
): Endpoint {
  return makeEndpoint(
    { ...place, protocol: served.face.protocol, refuse: (thrown, exchange) => refuseInFace(thrown, exchange, served) },
    work,
    host,
  )
}

function addUnknown(app: Hono, served: ServedFace, host: EndpointHost): void {
  for (const area of served.face.areas) {
    const refuse = makeFaceEndpoint({ route: `${area}/*` }, () => refuseUnknown(), { served, host })
    app.all(`${area}/*`, context => answerContext(context, refuse))
  }
}

/** The rest of a path, which the router knows by a name, is `*` to a face. */
function answerParameters(context: Context, endpoint: Endpoint): Promise<Response> {
  const { rest, ...params } = context.req.param() as Record<string, string>
  return answerContext(context, endpoint, rest === undefined ? params : { ...params, '*': rest })
}
