import { type Context, Hono } from 'hono'
import type { Face } from '../../faces/face.ts'
import { answerContext, DIRECT_ENDPOINTS, type DirectEndpoints, type Endpoint } from '../endpoint.ts'
import type { Exchange } from '../exchange.ts'
import { addFaces } from '../faces/add-faces.ts'
import { type FaceMethods, methodsOfFace } from '../faces/methods-of-face.ts'
import type { LifecycleState } from '../lifecycle.ts'
import { type MetricsPage, metricsRoute, showsMetrics } from '../metrics-route.ts'
import { type Playground, playgroundRoute, showsPlayground } from '../playground-route.ts'
import {
  describeServer,
  lazily,
  makeEndpoint,
  refuseMethod,
  refuseUnknown,
  respondJSON,
  SERVER_ITSELF,
  shownWhere,
  type Work,
} from '../routes.ts'
import { type FacesOptions, faceOfModels, facesOfModels } from './faces-of-models.ts'
import { listModelPaths, type ModelPaths } from './model-endpoints.ts'
import { nameModel } from './name-model.ts'
import type { ServedModel } from './served-model.ts'
import { ServerHost, type ServerSurroundings } from './server-host.ts'
import { serverDocument, serverHealth, serverReady } from './server-routes.ts'
import type { Splits } from './version-split.ts'

/** Options of {@link ModelsApp}. */
export interface ModelsAppOptions extends Omit<ServerSurroundings, 'ready'> {
  /** The page at `/metrics`. Default: there is no such path. */
  readonly metricsPage?: MetricsPage | undefined
  /** The page to try the models. Default: there is no such path. */
  readonly playground?: Playground | undefined
  /** Whether there is an `/openapi.json`. */
  readonly openapi: boolean
  readonly splits: Splits
}

/** One path of the server itself. */
interface ServerPath {
  readonly path: string
  readonly answer: Endpoint
  readonly refuse: Endpoint
  readonly isDirect: boolean
}

/** A path that some callers see. */
interface ShownPath {
  readonly isShown: (exchange: Exchange) => boolean
  readonly work: Work
}

/**
 * Several models behind one set of routes. Each model answers below `/models/NAME` with its own host, which decides all
 * that concerns its calls; what is asked of the server as a whole is answered here. A reload puts another host in the
 * place of one, from one request to the next.
 */
export class ModelsApp {
  readonly #app = new Hono()
  readonly #host: ServerHost
  readonly #serverPaths: readonly ServerPath[]
  readonly splits: Splits
  readonly #faces: DirectEndpoints
  #models: readonly ServedModel[]
  #paths: ModelPaths
  #direct: DirectEndpoints

  /** @param models - Their hosts are adopted before the first request. */
  constructor(models: readonly ServedModel[], options: ModelsAppOptions) {
    this.#models = models
    this.splits = options.splits
    this.#host = new ServerHost({ ...options, ready: () => readyAll(models) })
    this.#paths = listModelPaths(models, options.splits)
    this.#serverPaths = this.#listServerPaths(options)
    this.#addRoutes()
    this.#faces = this.#addFaces()
    this.#direct = this.#listDirect()
    Object.defineProperty(this, DIRECT_ENDPOINTS, { get: () => this.#direct })
  }

  /** The models there are now: the same array until one of them changes. */
  list(): readonly ServedModel[] {
    return this.#models
  }

  /** What answers about credentials say that are given before a model is asked. */
  get malformed(): readonly string[] {
    return [...new Set(this.#models.flatMap(({ host }) => host.authenticator.challenges.malformed))]
  }

  /** Settles when all models are set up; the first of them that cannot be rejects it. */
  get ready(): Promise<void> {
    return this.#host.lifecycle.ready
  }

  get state(): LifecycleState {
    return this.#host.lifecycle.state
  }

  /** Requests that are about no model. */
  get unfinished(): number {
    return this.#host.lifecycle.unfinished
  }

  /**
   * The routes of a protocol that has a listener to itself.
   *
   * @throws {StartupError} `protocol_unfit`, where no model fits it.
   */
  methodsOf(face: Face): FaceMethods {
    return methodsOfFace(faceOfModels(face, this.#facesOptions()), this.#host)
  }

  fetch(request: Request, env?: object): Response | Promise<Response> {
    return this.#app.fetch(request, env)
  }

  /** Has new requests of a model answered by another host. */
  replace(next: ServedModel): void {
    this.#models = this.#models.map(model => (model.id === next.id ? next : model))
    this.#paths = listModelPaths(this.#models, this.splits)
    this.#direct = this.#listDirect()
  }

  drain(): void {
    this.#host.lifecycle.drain()
  }

  async stop(): Promise<void> {
    await this.#host.lifecycle.stop()
  }

  async close(): Promise<void> {
    this.#host.accessLog.close()
    await this.#host.lifecycle.close()
  }

  #addRoutes(): void {
    for (const { path, answer, refuse } of this.#serverPaths) {
      this.#app.get(path, context => answerContext(context, answer))
      this.#app.all(path, context => answerContext(context, refuse))
    }
    // Names are looked up with each request, percent-decoded: a reload may have changed what they lead to.
    const unknown = makeEndpoint({ route: '*' }, () => refuseUnknown(), this.#host)
    this.#app.all('/models/:model/:action', context => answerContext(context, this.#find(context) ?? unknown))
    this.#app.notFound(context => answerContext(context, unknown))
  }

  #addFaces(): DirectEndpoints {
    const faces = facesOfModels(this.#facesOptions())
    return addFaces(this.#app, faces, { host: this.#host, direct: new Map() })
  }

  #facesOptions(): FacesOptions {
    const { lifecycle, logger } = this.#host
    return { list: () => this.#models, lifecycle, splits: this.splits, logger }
  }

  #find({ req }: Context): Endpoint | undefined {
    const found = this.#paths.get(`/models/${req.param('model')}/${req.param('action')}`)
    const method = req.method === 'HEAD' ? 'GET' : req.method
    return method === found?.method ? found?.answer : found?.refuse
  }

  #listServerPaths({ metricsPage, playground, openapi }: ModelsAppOptions): readonly ServerPath[] {
    const models = { list: () => this.list(), state: () => this.state }
    const at = (path: string, work: Work): ServerPath => this.#serverPath(path, work)
    return [
      at('/health', exchange => serverHealth(exchange, models)),
      at('/ready', exchange => serverReady(exchange, models)),
      at('/livez', exchange => respondJSON(exchange, { status: 'alive' })),
      ...(openapi ? [at('/openapi.json', serverDocument(models))] : []),
      ...(metricsPage === undefined
        ? []
        : [this.#shownPath('/metrics', { isShown: showsMetrics, work: lazily(() => metricsRoute(metricsPage)) })]),
      ...(playground === undefined
        ? []
        : [
            this.#shownPath('/', { isShown: showsPlayground, work: exchange => playgroundRoute(exchange, playground) }),
          ]),
    ]
  }

  #serverPath(path: string, work: Work): ServerPath {
    const methods = 'GET, HEAD'
    const answer = makeEndpoint({ route: path }, work, this.#host)
    return {
      path,
      answer,
      refuse: makeEndpoint({ route: path, methods }, () => refuseMethod(methods), this.#host),
      isDirect: true,
    }
  }

  /** Not there for everybody: its 404 is the one of an unknown path, to the byte, since it goes the same way. */
  #shownPath(path: string, { isShown, work }: ShownPath): ServerPath {
    const methods = 'GET, HEAD'
    const show = (shown: Work): Work => shownWhere(isShown, shown)
    const answer = makeEndpoint({ route: path }, show(work), this.#host)
    const refuseOther = show(() => refuseMethod(methods))
    return { path, answer, refuse: makeEndpoint({ route: path, methods }, refuseOther, this.#host), isDirect: false }
  }

  #listDirect(): DirectEndpoints {
    const ofServer = this.#serverPaths.flatMap(({ path, answer, isDirect }) =>
      isDirect ? [[path, { GET: answer }] as const] : [],
    )
    const ofModels = [...this.#paths].flatMap(([path, { method, answer, isDirect }]) =>
      isDirect ? [[path, { [method]: answer }] as const] : [],
    )
    const known = new Map([[SERVER_ITSELF, describeServer(this.#host)], ...ofServer, ...ofModels])
    return { get: path => known.get(path) ?? this.#faces.get(path) }
  }
}

async function readyAll(models: readonly ServedModel[]): Promise<void> {
  const named =
    (id: string) =>
    (thrown: unknown): never => {
      throw nameModel(id, thrown)
    }
  await Promise.all(models.map(({ id, host }) => host.lifecycle.ready.catch(named(id))))
}
