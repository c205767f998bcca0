import { RequestError } from '../../errors/request-error.ts'
import type { Answer } from '../../http/answer.ts'
import { NO_STORE, respond } from '../../http/respond.ts'
import type { FaceExchange } from '../exchange.ts'
import type { Face, FaceFailure, FaceRefusal } from '../face.ts'
import { describeModel, describeModels, idOf, listNames } from '../listed-models.ts'
import { loadHandler } from '../load-handler.ts'
import type { FaceModels } from '../model.ts'
import { describe } from './fit.ts'

/**
 * Version 1 of KServe's protocol, which is that of TensorFlow Serving: a list of instances, and a prediction for each.
 *
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export const v1Face: Face = {
  protocol: 'v1',
  areas: ['/v1'],
  describe,
  routes: [
    { method: 'GET', path: '/v1/models', body: 'none', handle: listModels },
    { method: 'GET', path: '/v1/models/*', body: 'none', handle: getModel },
    {
      method: 'POST',
      path: '/v1/models/*',
      body: 'json',
      handle: loadHandler(async () => (await import('./predict.ts')).predict),
    },
  ],
  refuse,
}

async function listModels(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  return answerJSON(exchange, describeModels(await models.list()))
}

async function getModel(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { '*': name = '' } = exchange.params
  const list = await models.list()
  const listed = listNames(list).get(name)
  const model = listed ?? list.find(candidate => candidate === models.find(name))
  if (model === undefined) throw new RequestError('not_found', { detail: 'The model does not exist.' })
  return answerJSON(exchange, describeModel(listed === undefined ? idOf(model) : name, model))
}

function answerJSON({ id, principal }: FaceExchange, document: unknown): Answer {
  const output = { contentType: 'application/json', body: JSON.stringify(document) }
  return respond(id, output, principal === undefined ? undefined : NO_STORE)
}

/** A failure as clients of the protocol read it: `error` is a text, beside the members of the problem document. */
function refuse({ problem }: FaceFailure): FaceRefusal {
  const { title, detail, errors = [] } = problem
  const status = problem.status === 422 ? 400 : problem.status
  const error = [detail ?? title, ...errors.map(({ pointer, detail: fault }) => `${pointer} ${fault}`)].join(' ')
  return { status, document: { ...problem, status, error } }
}
