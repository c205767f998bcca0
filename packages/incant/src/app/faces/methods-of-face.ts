import type { RequestError } from '../../errors/request-error.ts'
import type { Endpoint } from '../endpoint.ts'
import type { EndpointHost } from '../route-host.ts'
import type { Work } from '../routes.ts'
import { makeFaceEndpoint, type ServedFace } from './add-faces.ts'
import { workOfFace } from './face-work.ts'

/** The routes of a protocol that has a listener to itself: they are no paths of the application. */
export interface FaceMethods {
  /** The handler of a path. Undefined: the protocol does not have it. */
  find(path: string): Endpoint | undefined
  /** Answers a call that is refused before its route is reached. */
  refuse(path: string, refusal: RequestError): Endpoint
  /** Whether the server would take a call now. */
  isReady(): boolean
  /** Bytes that the body of a call may have. */
  readonly maxBodySize: number
}

/** Makes the routes of a protocol outside of the application: with the same order, limits, log and metrics as inside. */
export function methodsOfFace(served: ServedFace, host: EndpointHost): FaceMethods {
  const { routes } = served.face
  const endpointOf = (route: string, work: Work): Endpoint => makeFaceEndpoint({ route }, work, { served, host })
  const methods = new Map(
    routes.map(route => [route.path, endpointOf(route.path, exchange => workOfFace(exchange, { route }, served))]),
  )
  const refuse = (refusal: RequestError): Work => {
    return () => {
      throw refusal
    }
  }
  return {
    find: path => methods.get(path),
    refuse: (path, refusal) => endpointOf(methods.has(path) ? path : '*', refuse(refusal)),
    isReady: () => served.isReady(),
    maxBodySize: served.limits.maxBodySize,
  }
}
