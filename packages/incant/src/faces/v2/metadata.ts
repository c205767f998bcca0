import { RequestError } from '../../errors/request-error.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { planModel, type TensorPlan, type ValuePlan } from './plan.ts'

/** The metadata of a server. The version is that of the protocol. */
export const SERVER: { readonly name: string; readonly version: string; readonly extensions: readonly string[] } = {
  name: 'incant',
  version: '2',
  extensions: ['binary_tensor_data', 'model_repository'],
}

/** The version of a model that has none. */
const ONLY_VERSION = '1'

/** The version of a model as the protocol has it. */
export function versionOf({ version }: Pick<FaceModel, 'version'>): string {
  return version ?? ONLY_VERSION
}

/**
 * The model that a path names.
 *
 * @throws {RequestError} `not_found`.
 */
export function findModel({ params }: Pick<FaceExchange, 'params'>, models: FaceModels): FaceModel {
  const { name = '', version } = params
  const model = version === undefined ? models.find(name) : (models.find(`${name}:${version}`) ?? models.find(name))
  if (model !== undefined && (version === undefined || versionOf(model) === version)) return model
  throw new RequestError('not_found', { detail: 'The model, or this version of it, does not exist.' })
}

/** The metadata of a model: its versions, and the tensors that its types are. */
export function describeModel(model: FaceModel, all: readonly FaceModel[]): object {
  const plan = planModel(model.signature)
  const none = { tensors: [] }
  const { inputs, outputs } = plan.fits ? plan : { inputs: none, outputs: none }
  return {
    name: model.name,
    versions: all.filter(({ name }) => name === model.name).map(versionOf),
    platform: 'incant',
    inputs: describeTensors(inputs),
    outputs: describeTensors(outputs),
  }
}

/** Tensors as metadata and documents have them. */
export function describeTensors({ tensors }: Pick<ValuePlan, 'tensors'>): readonly object[] {
  return tensors.map(tensor => {
    const { name, datatype, shape } = tensor
    const parameters = parametersOf(tensor)
    return { name, datatype, shape, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
  })
}

/** The parameters of a tensor, besides its datatype and shape. */
function parametersOf({ layout, optional }: TensorPlan): Readonly<Record<string, string | boolean>> {
  return { ...contentOf(layout), ...(optional ? { optional: true } : {}) }
}

/** Says of the text of a tensor that it is JSON. */
export function contentOf({ kind }: TensorPlan['layout']): Readonly<Record<string, string>> {
  return kind === 'json' ? { content_type: 'json' } : {}
}

/** A model in the index of the repository. */
export interface IndexedModel {
  readonly name: string
  readonly version: string
  readonly state: 'READY' | 'UNAVAILABLE'
  readonly reason: string
}

/** The rows of the index of the repository. */
export function indexModels(models: readonly FaceModel[]): readonly IndexedModel[] {
  return models.map(model => ({
    name: model.name,
    version: versionOf(model),
    state: model.isReady ? 'READY' : 'UNAVAILABLE',
    reason: '',
  }))
}
