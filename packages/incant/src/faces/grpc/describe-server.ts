import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { indexModels, SERVER, versionOf } from '../v2/metadata.ts'
import { planModel, type TensorPlan } from '../v2/plan.ts'
import { refuseTensors } from '../v2/refusal.ts'
import { findOpenModel } from './asked-model.ts'
import { answerMessage, readMessage } from './exchange-message.ts'
import {
  MODEL_METADATA_RESPONSE,
  MODEL_REQUEST,
  REPOSITORY_INDEX_REQUEST,
  REPOSITORY_INDEX_RESPONSE,
  SERVER_METADATA_RESPONSE,
  type TensorMetadata,
  YES_RESPONSE,
} from './messages.ts'

/** `ServerLive` */
export function live(): Answer {
  return answerMessage(YES_RESPONSE, { yes: true })
}

/** `ServerReady` */
export function ready(models: FaceModels): Answer {
  return answerMessage(YES_RESPONSE, { yes: models.isReady })
}

/** `ModelReady` */
export async function modelReady(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  return answerMessage(YES_RESPONSE, { yes: (await askedModel(exchange, models)).isReady })
}

/** `ServerMetadata` */
export function serverMetadata(): Answer {
  const { name, version } = SERVER
  return answerMessage(SERVER_METADATA_RESPONSE, { name, version, extensions: ['model_repository'] })
}

/** `ModelMetadata`: as the types of predict have it. */
export async function modelMetadata(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const model = await askedModel(exchange, models)
  const plan = planModel(model.signature)
  if (!plan.fits) throw refuseTensors('The model takes no tensors.')
  const versions = (await models.list()).filter(({ name }) => name === model.name)
  return answerMessage(MODEL_METADATA_RESPONSE, {
    name: model.name,
    versions: versions.map(versionOf),
    platform: 'incant',
    inputs: plan.inputs.tensors.map(describeTensor),
    outputs: plan.outputs.tensors.map(describeTensor),
  })
}

/** `RepositoryIndex`, of Triton's model repository extension. */
export async function repositoryIndex(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { ready: onlyReady = false } = readMessage(REPOSITORY_INDEX_REQUEST, exchange)
  const listed = (await models.list()).filter(({ isReady }) => isReady || !onlyReady)
  return answerMessage(REPOSITORY_INDEX_RESPONSE, { models: indexModels(listed) })
}

function askedModel(exchange: FaceExchange, models: FaceModels): Promise<FaceModel> {
  return findOpenModel(readMessage(MODEL_REQUEST, exchange), models)
}

function describeTensor({ name, datatype, shape }: TensorPlan): TensorMetadata {
  return { name, datatype, shape: BigInt64Array.from(shape, BigInt) }
}
