import type { RequestProtocol } from '../../signature/signature.ts'
import { idOf } from '../listed-models.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { ApiRefusal } from './refusal.ts'
import { type ApiRequest, requestOf } from './request/request-of.ts'

/** A model and the request that it takes. */
export interface ChosenModel extends ApiRequest {
  readonly model: FaceModel
  /** The model as the caller calls it. */
  readonly name: string
}

/**
 * The model that a request names, if it takes requests of this kind. Where only one does, the name may be left out.
 *
 * @throws {ApiRefusal} `model_not_found`, with 404.
 */
export async function chooseModel(models: FaceModels, name: unknown, protocol: RequestProtocol): Promise<ChosenModel> {
  const model = typeof name === 'string' ? models.find(name) : await onlyModel(models, name, protocol)
  const request = model && requestOf(model.signature)
  if (model === undefined || request === undefined) throw notFound('The model does not exist.')
  if (request.protocol !== protocol) throw notFound(`The model does not take requests of this kind (${protocol}).`)
  return { ...request, model, name: typeof name === 'string' ? name : idOf(model) }
}

async function onlyModel(models: FaceModels, name: unknown, protocol: RequestProtocol): Promise<FaceModel> {
  if (name !== undefined && name !== null) throw badName('invalid_value')
  const fitting = (await models.list()).filter(({ signature }) => requestOf(signature)?.protocol === protocol)
  const [only, ...others] = fitting
  if (only === undefined) throw notFound(`No model of this server takes requests of this kind (${protocol}).`)
  if (others.length > 0) throw badName('missing_required_parameter')
  return only
}

function badName(code: 'invalid_value' | 'missing_required_parameter'): ApiRefusal {
  return new ApiRefusal({ code, param: 'model', message: 'model must be the name of a model, which /v1/models lists.' })
}

/** Refuses a model that is not there, or is not for this caller. */
export function notFound(message: string): ApiRefusal {
  return new ApiRefusal({ code: 'model_not_found', param: 'model', message })
}
