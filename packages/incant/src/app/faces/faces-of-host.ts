import type { Face } from '../../faces/face.ts'
import { isReady } from '../is-ready.ts'
import type { RouteHost } from '../route-host.ts'
import type { ServedFace } from './add-faces.ts'
import { modelCaller } from './call-model.ts'
import { requireFace } from './choose-faces.ts'
import { type FaceMethods, methodsOfFace } from './methods-of-face.ts'
import { aliasesOf } from './model-aliases.ts'
import type { ServedSubject } from './models-of-caller.ts'

/** The faces of a server that has one model. */
export function facesOf(host: RouteHost): readonly ServedFace[] {
  if (host.faces.length === 0) return []
  const models = [serveSubject(host)]
  return host.faces.map(face => serveFace(face, models, host))
}

/**
 * A protocol that has a listener to itself, on a server that has one model.
 *
 * @throws {StartupError} `protocol_unfit`
 */
export function methodsOf(face: Face, host: RouteHost): FaceMethods {
  requireFace(face, host.subject, host.authenticator)
  return methodsOfFace(serveFace(face, [serveSubject(host)], host), host)
}

function serveFace(face: Face, models: readonly ServedSubject[], host: RouteHost): ServedFace {
  return {
    face,
    models: () => models,
    isReady: () => isReady(host),
    limits: host.settings,
    reader: () => host.plainReader,
    get logger() {
      return host.logger
    },
  }
}

/** A model as it is served on other protocols. */
export function serveSubject(host: RouteHost): ServedSubject {
  const created = Math.floor(Date.now() / 1000)
  const aliases = aliasesOf({ ...host.subject, modelAliases: host.settings.modelAliases })
  return { ...host.subject, aliases, host, created, call: modelCaller(host) }
}
