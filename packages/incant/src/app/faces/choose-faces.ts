import { StartupError } from '../../errors/startup-error.ts'
import type { Face } from '../../faces/face.ts'
import type { FaceMisfit, FaceSubject } from '../../faces/fit.ts'
import type { Logger } from '../../log/logger.ts'
import type { PredictSignature } from '../../signature/signature.ts'

/** The facts that decide which protocols a model supports. */
export interface FaceChoice {
  /** Those that there are. */
  readonly known: readonly Face[]
  /** As the option `protocols` names them. Empty: the types decide. */
  readonly protocols: readonly string[]
  /** Decorators that read credentials from the payload. */
  readonly payloadStrategies: readonly { readonly name: string }[]
  /** Whether the server has other models, one of which may fit what this one does not. */
  readonly isOneOfSeveral: boolean
  readonly logger: Logger
}

/**
 * Chooses the protocols on which a model answers: those that are asked for, else those that its types name.
 *
 * @throws {StartupError} `protocol_unfit`, where one that is asked for does not fit the types of predict or its credentials;
 * `invalid_option`, where there is no such protocol.
 */
export function chooseFaces(model: FaceSubject, choice: FaceChoice): readonly Face[] {
  const { known, protocols, isOneOfSeveral, logger } = choice
  const isAskedFor = protocols.length > 0
  refuseUnknown(choice)
  const wanted = known.filter(({ protocol }) =>
    isAskedFor ? protocols.includes(protocol) : namesProtocol(model.signature, protocol),
  )
  const fitting = wanted.filter(face => {
    const fit = face.describe(model)
    if (!fit.fits && isAskedFor && !isOneOfSeveral) throw unfit(face, fit, model.signature)
    if (!fit.fits && !isAskedFor) logger.log('warn', describeMisfit(face, fit))
    return fit.fits
  })
  const [face] = fitting
  if (face !== undefined) refusePayloadCredentials(face, choice)
  return fitting
}

/**
 * Checks that a model can answer on a protocol that is asked for.
 *
 * @throws {StartupError} `protocol_unfit`
 */
export function requireFace(face: Face, model: FaceSubject, credentials: Pick<FaceChoice, 'payloadStrategies'>): void {
  const fit = face.describe(model)
  if (!fit.fits) throw unfit(face, fit, model.signature)
  refusePayloadCredentials(face, credentials)
}

/** A model that a protocol is asked for. */
export interface AskedModel {
  readonly subject: FaceSubject
  readonly authenticator: Pick<FaceChoice, 'payloadStrategies'>
}

/**
 * Checks that one of several models can answer on a protocol that is asked for.
 *
 * @throws {StartupError} `protocol_unfit`, for what keeps the first one from it.
 */
export function requireFaceOfSome(face: Face, models: readonly AskedModel[]): void {
  const [first] = models
  if (first !== undefined && !models.some(model => fitsFace(face, model)))
    requireFace(face, first.subject, first.authenticator)
}

/** Whether a model can answer on a protocol. */
export function fitsFace(face: Face, { subject, authenticator }: AskedModel): boolean {
  return authenticator.payloadStrategies.length === 0 && face.describe(subject).fits
}

/** Whether the types of a predictor name a protocol: `openai.chat` names `openai`. */
export function namesProtocol({ parameters, returns }: PredictSignature, protocol: string): boolean {
  return [...parameters, ...returns].some(({ protocol: named }) => named?.split('.')[0] === protocol)
}

function refuseUnknown({ known, protocols }: FaceChoice): void {
  const names: readonly string[] = [...known.map(({ protocol }) => protocol), NONE]
  const unknown = protocols.find(name => !names.includes(name))
  if (unknown === undefined && (protocols.length < 2 || !protocols.includes(NONE))) return
  throw new StartupError({
    code: 'invalid_option',
    found: unknown === undefined ? `--protocol names ${NONE} beside others` : `there is no protocol ${unknown}`,
    instead: `The protocols are ${names.join(', ')}.`,
  })
}

/** Stands alone: the model answers on no protocol beside `/predict`. */
const NONE = 'none'

function describeMisfit({ protocol }: Face, { reason, instead }: FaceMisfit): string {
  return `the types name the protocol ${protocol}, which is not served: ${reason}. ${instead}`
}

function unfit({ protocol }: Face, { reason, instead }: FaceMisfit, { location }: PredictSignature): StartupError {
  return new StartupError({
    code: 'protocol_unfit',
    found: `the protocol ${protocol} does not fit the predictor: ${reason}`,
    instead,
    ...(location === undefined ? {} : { location }),
  })
}

/** Their place is the payload of `/predict`, which requests of other protocols do not have. */
function refusePayloadCredentials(
  { protocol }: Face,
  { payloadStrategies: [strategy] }: Pick<FaceChoice, 'payloadStrategies'>,
): void {
  if (strategy === undefined) return
  throw new StartupError({
    code: 'protocol_unfit',
    found: `@${strategy.name} reads credentials from the payload of /predict, and requests of the protocol ${protocol} have no place for them`,
    instead: 'Use a strategy that reads a header, such as @bearerAuth, or serve /predict alone with --protocol none.',
  })
}
