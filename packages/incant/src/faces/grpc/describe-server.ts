import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { planModel, type TensorPlan } from '../v2/plan.ts'
import { answerMessage, readMessage } from './exchange-message.ts'
import { findOpenModel, ONLY_VERSION } from './find-model.ts'
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
  return answerMessage(SERVER_METADATA_RESPONSE, { name: 'incant', version: '2', extensions: ['model_repository'] })
}

/** `ModelMetadata`: as the types of predict have it. */
export async function modelMetadata(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const model = await askedModel(exchange, models)
  const plan = planModel(model.signature)
  // Models that do not fit are not among those of the protocol.
  if (!plan.fits) throw new TypeError(plan.reason)
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
  return answerMessage(REPOSITORY_INDEX_RESPONSE, {
    models: listed.map(model => ({
      name: model.name,
      version: versionOf(model),
      state: model.isReady ? 'READY' : 'UNAVAILABLE',
      reason: '',
    })),
  })
}

function askedModel(exchange: FaceExchange, models: FaceModels): Promise<FaceModel> {
  const { name = '', version = '' } = readMessage(MODEL_REQUEST, exchange)
  return findOpenModel(models, { name, version })
}

function versionOf({ version = ONLY_VERSION }: FaceModel): string {
  return version
}

function describeTensor({ name, datatype, shape }: TensorPlan): TensorMetadata {
  return { name, datatype, shape: BigInt64Array.from(shape, BigInt) }
}
