import { RequestError } from '../../errors/request-error.ts'
import type { FaceModel, FaceModels } from '../model.ts'

/** How a request names a model. */
export interface AskedModel {
  readonly name: string
  /** Empty: the server chooses. */
  readonly version: string
}

/** What a model that was given no version has as one. */
export const ONLY_VERSION = '1'

/**
 * The model that a request names, whether or not its caller may call it.
 *
 * @throws {RequestError} `not_found`
 */
export function findModel(models: FaceModels, { name, version }: AskedModel): FaceModel {
  const found = models.find(version === '' ? name : `${name}:${version}`)
  if (found !== undefined) return found
  const unversioned = version === ONLY_VERSION ? models.find(name) : undefined
  if (unversioned !== undefined && unversioned.version === undefined) return unversioned
  throw unknownModel()
}

/**
 * As {@link findModel}, of the models that its caller may call.
 *
 * @throws {RequestError} `not_found`
 */
export async function findOpenModel(models: FaceModels, asked: AskedModel): Promise<FaceModel> {
  const found = findModel(models, asked)
  if ((await models.list()).includes(found)) return found
  throw unknownModel()
}

function unknownModel(): RequestError {
  return new RequestError('not_found', { detail: 'There is no model of that name and version.' })
}
