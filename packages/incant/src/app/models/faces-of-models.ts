import type { Face } from '../../faces/face.ts'
import type { Logger } from '../../log/logger.ts'
import type { AppHost } from '../app-host.ts'
import type { ServedFace } from '../faces/add-faces.ts'
import type { FaceHost } from '../faces/face-work.ts'
import { serveSubject } from '../faces/faces-of-host.ts'
import type { ServedSubject } from '../faces/models-of-caller.ts'
import { isReady } from '../is-ready.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { ServedModel } from './served-model.ts'
import { chooseVersion, type Splits } from './version-split.ts'

/** What the faces of a server with several models work with. */
export interface FacesOptions {
  /** The models there are now: a reload may put another host in the place of one. */
  list(): readonly ServedModel[]
  readonly lifecycle: Pick<Lifecycle, 'state'>
  readonly splits: Splits
  readonly logger: Logger
}

/** Each protocol that some model answers on, with the models that do. */
export function facesOfModels({ list, lifecycle, splits, logger }: FacesOptions): readonly ServedFace[] {
  const subjects = new WeakMap<AppHost, ServedSubject>()
  const subjectOf = ({ id, name, version, host }: ServedModel): ServedSubject => {
    const known = subjects.get(host) ?? { ...serveSubject(host), id, name, version }
    subjects.set(host, known)
    return known
  }
  const modelsOf = (face: Face): readonly ServedModel[] => list().filter(({ host }) => host.faces.includes(face))
  const faces = new Set(list().flatMap(({ host }) => host.faces))
  return [...faces].map(face => ({
    face,
    models: () => modelsOf(face).map(subjectOf),
    isReady: () => lifecycle.state === 'ready' && list().some(({ host }) => isReady(host)),
    choose: (name, key) => chooseShare(name, key, splits),
    limits: limitsOf(modelsOf(face).map(({ host }) => host)),
    reader: () => modelsOf(face)[0]?.host.plainReader,
    logger,
  }))
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
