import type { Face } from '../../faces/face.ts'
import type { FaceFit, FaceSubject } from '../../faces/fit.ts'
import type { DescribedProtocol } from '../../openapi/described-protocol.ts'
import type { PredictSignature } from '../../signature/signature.ts'
import type { RouteHost } from '../route-host.ts'
import { namesProtocol } from './choose-faces.ts'
import { KNOWN_FACES } from './known-faces.ts'
import { nameSubject } from './name-subject.ts'

/** Whether a model fits a protocol, and what has it served. */
export type FaceReport = FaceFit & {
  readonly protocol: string
  /** `types`: the types name it. `flag`: it needs `--protocol`. */
  readonly servedBy: 'types' | 'flag'
}

/**
 * Each protocol that there is beside `/predict`: what it would answer, or why it does not fit and what to write.
 *
 * @param faces - Default: all that this package has.
 */
export function reportFaces(signature: PredictSignature, faces: readonly Face[] = KNOWN_FACES): readonly FaceReport[] {
  const subject = nameSubject(undefined, signature)
  return faces.map(face => {
    const servedBy = namesProtocol(signature, face.protocol) ? 'types' : 'flag'
    return { protocol: face.protocol, servedBy, ...face.describe(subject) }
  })
}

/**
 * What the faces of a model answer, for documents.
 *
 * @param model - Its name in requests.
 */
export function describeFaces(
  { faces }: Pick<RouteHost, 'faces'>,
  subject: FaceSubject,
  model: string = subject.name,
): readonly DescribedProtocol[] {
  return faces.flatMap(({ protocol, describe }) => {
    const fit = describe(subject)
    return fit.fits ? [{ protocol, model, ...fit }] : []
  })
}
