import { RequestError } from '../../errors/request-error.ts'
import { RETRY_SOON } from '../../errors/retry-soon.ts'
import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { Face } from '../face.ts'
import { loadHandler } from '../load-handler.ts'
import type { FaceModels } from '../model.ts'
import type { FaceRoute } from '../route.ts'
import { answerJSON } from './answer.ts'
import { describe } from './fit.ts'
import { describeModel, findModel, indexModels, SERVER } from './metadata.ts'
import { refuse, refuseTensors } from './refusal.ts'

const MODEL = '/v2/models/:name'

/** Every route of a model is there for a version of it, too. */
const OF_A_MODEL: readonly FaceRoute[] = [
  { method: 'GET', path: '', body: 'none', handle: getModel },
  { method: 'GET', path: '/ready', body: 'none', handle: getReady },
  {
    method: 'POST',
    path: '/infer',
    body: 'bytes',
    handle: loadHandler(async () => (await import('./handle.ts')).handleInfer),
  },
]

/**
 * The Open Inference Protocol over HTTP, which KServe and Triton call version 2, with the extension for binary tensors.
 *
 * @see https://github.com/kserve/open-inference-protocol
 */
export const v2Face: Face = {
  protocol: 'v2',
  areas: ['/v2'],
  describe,
  routes: [
    ...['/v2', '/v2/'].map((path): FaceRoute => ({ method: 'GET', path, body: 'none', handle: getServer })),
    // What asks whether the server lives has no credentials, as with /livez and /ready.
    { method: 'GET', path: '/v2/health/live', body: 'none', access: 'public', handle: getLive },
    { method: 'GET', path: '/v2/health/ready', body: 'none', access: 'public', handle: getServerReady },
    ...OF_A_MODEL.map(route => ({ ...route, path: MODEL + route.path })),
    ...OF_A_MODEL.map(route => ({ ...route, path: `${MODEL}/versions/:version${route.path}` })),
    { method: 'POST', path: '/v2/repository/index', body: 'none', handle: getIndex },
    { method: 'POST', path: '/v2/repository/models/:name/load', body: 'none', handle: refuseLoading },
    { method: 'POST', path: '/v2/repository/models/:name/unload', body: 'none', handle: refuseLoading },
  ],
  refuse,
}

function getServer(exchange: FaceExchange): Answer {
  return answerJSON(exchange, SERVER)
}

function getLive(exchange: FaceExchange): Answer {
  return answerJSON(exchange, { live: true })
}

function getServerReady(exchange: FaceExchange, { isReady }: FaceModels): Answer {
  if (!isReady) throw new RequestError('unavailable', RETRY_SOON)
  return answerJSON(exchange, { ready: true })
}

async function getModel(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const list = await models.list()
  return answerJSON(exchange, describeModel(visible(exchange, models, list), list))
}

async function getReady(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const model = visible(exchange, models, await models.list())
  if (!model.isReady) throw new RequestError('unavailable', RETRY_SOON)
  return answerJSON(exchange, { name: model.name, ready: true })
}

type ListedModels = Awaited<ReturnType<FaceModels['list']>>

/** A model that is not for this caller is not there. */
function visible(exchange: FaceExchange, models: FaceModels, list: ListedModels): ListedModels[number] {
  const model = findModel(exchange, models)
  if (!list.includes(model)) throw new RequestError('not_found', { detail: 'The model does not exist.' })
  return model
}

async function getIndex(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  return answerJSON(exchange, indexModels(await models.list()))
}

function refuseLoading(): never {
  throw refuseTensors(
    'The models of this server are those that it was started with: none is loaded or unloaded by a request.',
  )
}
