import { chain } from '../../async/maybe-promise.ts'
import type { Applicant } from '../../auth/admission/admission.ts'
import type { RequestSource } from '../../http/request-source.ts'
import type { AppHost } from '../app-host.ts'
import type { Endpoint } from '../endpoint.ts'
import { requestIdOf } from '../exchange.ts'
import { health, makeEndpoint, ready, refuseMethod, takesRequest, type Work } from '../routes.ts'
import type { ServedModel } from './served-model.ts'
import { chooseVersion, type Splits, type VersionShares } from './version-split.ts'

/** What answers at one path. */
export interface PathEndpoints {
  readonly method: 'GET' | 'POST'
  readonly answer: Endpoint
  /** Answers every other method. */
  readonly refuse: Endpoint
  /** Whether it needs no web `Request`. */
  readonly isDirect: boolean
}

/** Everything below `/models`, by path. */
export type ModelPaths = ReadonlyMap<string, PathEndpoints>

/**
 * The paths of models: each has its own, and the name without a version leads to the version that is named first, or to
 * the one that the shares choose.
 */
export function listModelPaths(models: readonly ServedModel[], splits: Splits): ModelPaths {
  const paths = new Map<string, PathEndpoints>()
  for (const { id, host } of models) addPaths(paths, endpointsOf(`/models/${id}`, host))
  for (const name of new Set(models.map(model => model.name))) {
    const versions = models.filter(model => model.name === name)
    const prefix = `/models/${name}`
    if (!paths.has(`${prefix}/predict`)) addPaths(paths, nameEndpoints(prefix, versions, splits[name]))
  }
  return paths
}

function addPaths(paths: Map<string, PathEndpoints>, added: ModelPaths): void {
  for (const [path, endpoints] of added) paths.set(path, endpoints)
}

function endpointsOf(prefix: string, host: AppHost): ModelPaths {
  const works: readonly (readonly [string, PathEndpoints['method'], Work])[] = [
    ['predict', 'POST', exchange => host.predict(exchange)],
    ['health', 'GET', exchange => health(exchange, host)],
    ['ready', 'GET', exchange => ready(exchange, host)],
  ]
  return new Map(
    works.map(([action, method, work]) => {
      const route = `${prefix}/${action}`
      const methods = method === 'GET' ? 'GET, HEAD' : method
      const answer = makeEndpoint({ route }, work, host)
      const refuse = makeEndpoint({ route, methods }, () => refuseMethod(methods), host)
      return [route, { method, answer, refuse, isDirect: action !== 'predict' || !takesRequest(host.signature) }]
    }),
  )
}

/** The paths of a name without a version. What is asked about its health is asked of the first version. */
function nameEndpoints(
  prefix: string,
  versions: readonly ServedModel[],
  shares: VersionShares | undefined,
): ModelPaths {
  const [first] = versions
  if (first === undefined) return new Map()
  const paths = new Map(endpointsOf(prefix, first.host))
  const predict = paths.get(`${prefix}/predict`)
  if (shares === undefined || predict === undefined) return paths
  const others = new Map(versions.map(({ version = '', host }) => [version, endpointsOf(prefix, host)]))
  const choose = (key: string): PathEndpoints =>
    others.get(chooseVersion(first.name, shares, key) ?? '')?.get(`${prefix}/predict`) ?? predict
  const isDirect = versions.every(({ host }) => !takesRequest(host.signature))
  paths.set(`${prefix}/predict`, { ...predict, answer: splitEndpoint(first.host, choose), isDirect })
  return paths
}

/** Who calls decides which version answers; where nothing tells, the id of the request does. */
function splitEndpoint({ authenticator }: AppHost, choose: (key: string) => PathEndpoints): Endpoint {
  return source => {
    const id = requestIdOf(source.headers)
    // The version admits the call itself; for an outsider of a private network nobody is even asked.
    const found = source.transport.isInsider === false ? undefined : authenticator.recognize(applicantOf(source))
    return chain(found, caller => choose(caller?.principal?.id ?? id).answer({ ...source, id }))
  }
}

function applicantOf({ headers, transport }: RequestSource): Applicant {
  return { headers, address: transport.address, certificate: transport.certificate, identify: () => {} }
}
