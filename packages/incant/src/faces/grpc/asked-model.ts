import { RequestError } from '../../errors/request-error.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { findModel } from '../v2/metadata.ts'
import type { ModelRequest } from './messages.ts'

/** The model that a message names, as a path of the protocol writes it. An empty version is no version. */
export function placeOf({ name = '', version = '' }: ModelRequest): Pick<FaceExchange, 'params'> {
  return { params: version === '' ? { name } : { name, version } }
}

/**
 * The model that a message names, where its caller may call it.
 *
 * @throws {RequestError} `not_found`
 */
export async function findOpenModel(asked: ModelRequest, models: FaceModels): Promise<FaceModel> {
  const found = findModel(placeOf(asked), models)
  // A model that is not for this caller is not there.
  if ((await models.list()).includes(found)) return found
  throw new RequestError('not_found', { detail: 'The model, or this version of it, does not exist.' })
}
