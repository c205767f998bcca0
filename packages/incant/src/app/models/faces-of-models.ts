import type { Face } from '../../faces/face.ts'
import type { Logger } from '../../log/logger.ts'
import type { AppHost } from '../app-host.ts'
import type { ServedFace } from '../faces/add-faces.ts'
import { fitsFace, requireFaceOfSome } from '../faces/choose-faces.ts'
import type { FaceHost } from '../faces/face-work.ts'
import { serveSubject } from '../faces/faces-of-host.ts'
import type { ServedSubject } from '../faces/models-of-caller.ts'
import { isReady } from '../is-ready.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { ServedModel } from './served-model.ts'
import { chooseVersion, type Splits } from './version-split.ts'

/** The dependencies of the faces of a server with several models. */
export interface FacesOptions {
  /** The models there are now: a reload may put another host in the place of one. */
  list(): readonly ServedModel[]
  readonly lifecycle: Pick<Lifecycle, 'state'>
  readonly splits: Splits
  readonly logger: Logger
}

/** Each protocol that some model answers on, with the models that do. */
export function facesOfModels(options: FacesOptions): readonly ServedFace[] {
  const faces = new Set(options.list().flatMap(({ host }) => host.faces))
  return [...faces].map(face => serveFace(face, ({ host }) => host.faces.includes(face), options))
}

/**
 * A protocol that has a listener to itself, with the models that fit it.
 *
 * @throws {StartupError} `protocol_unfit`, where none does.
 */
export function faceOfModels(face: Face, options: FacesOptions): ServedFace {
  const fitting = new WeakMap<AppHost, boolean>()
  const fits = ({ host }: ServedModel): boolean => {
    const known = fitting.get(host) ?? fitsFace(face, host)
    fitting.set(host, known)
    return known
  }
  requireFaceOfSome(
    face,
    options.list().map(({ host }) => host),
  )
  return serveFace(face, fits, options)
}

function serveFace(
  face: Face,
  fits: (model: ServedModel) => boolean,
  { list, lifecycle, splits, logger }: FacesOptions,
): ServedFace {
  const subjects = new WeakMap<AppHost, ServedSubject>()
  const subjectOf = ({ id, name, version, host }: ServedModel): ServedSubject => {
    const known = subjects.get(host) ?? { ...serveSubject(host), id, name, version }
    subjects.set(host, known)
    return known
  }
  const models = (): readonly ServedModel[] => list().filter(fits)
  return {
    face,
    models: () => models().map(subjectOf),
    isReady: () => lifecycle.state === 'ready' && list().some(({ host }) => isReady(host)),
    choose: (name, key) => chooseShare(name, key, splits),
    limits: limitsOf(models().map(({ host }) => host)),
    reader: () => models()[0]?.host.plainReader,
    logger,
  }
}

function chooseShare(name: string, key: string, splits: Splits): string | undefined {
  const shares = splits[name]
  return shares === undefined ? undefined : chooseVersion(name, shares, key)
}

/** Which model a body is for is in the body: it may be what one of them may take. */
function limitsOf(hosts: readonly AppHost[]): FaceHost['limits'] {
  const most = (read: (settings: AppHost['settings']) => number): number =>
    Math.max(...hosts.map(({ settings }) => read(settings)))
  return {
    maxBodySize: most(({ maxBodySize }) => maxBodySize),
    maxJsonDepth: most(({ maxJsonDepth }) => maxJsonDepth),
    maxJsonMembers: most(({ maxJsonMembers }) => maxJsonMembers),
    maxJsonItems: most(({ maxJsonItems }) => maxJsonItems),
    strictJson: hosts.some(({ settings }) => settings.strictJson),
    maxFormParts: most(({ maxFormParts }) => maxFormParts),
    maxFormFields: most(({ maxFormFields }) => maxFormFields),
    maxPartHeaderSize: most(({ maxPartHeaderSize }) => maxPartHeaderSize),
    requestTimeout: most(({ requestTimeout }) => requestTimeout),
    publicUrl: hosts.find(({ settings }) => settings.publicUrl !== '')?.settings.publicUrl ?? '',
  }
}
