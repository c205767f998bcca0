import { RequestError } from '../../../errors/request-error.ts'
import type { Answer } from '../../../http/answer.ts'
import type { FaceExchange } from '../../exchange.ts'
import { describeModel, describeModels, idOf, listNames } from '../../listed-models.ts'
import type { FaceModels } from '../../model.ts'
import { answerJSON } from '../answer.ts'
import { notFound } from '../models.ts'

/** `GET /v1/models`: the list of this API, and that of KServe's protocol, which has the same path. */
export async function listModels(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  return answerJSON(exchange, describeModels(await models.list()))
}

/** `GET /v1/models/{model}`: a name may have slashes, encoded or not. */
export async function getModel(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const name = exchange.params['*']
  if (name === undefined) throw new RequestError('not_found')
  const list = await models.list()
  const listed = listNames(list).get(name)
  if (listed !== undefined) return answerJSON(exchange, describeModel(name, listed))
  // A name without its version.
  const model = list.find(candidate => candidate === models.find(name))
  if (model === undefined) throw notFound('The model does not exist.')
  return answerJSON(exchange, describeModel(idOf(model), model))
}
