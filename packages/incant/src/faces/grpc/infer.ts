import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { infer as inferTensors } from '../v2/infer.ts'
import { type ModelPlan, planModel } from '../v2/plan.ts'
import { refuseTensors } from '../v2/refusal.ts'
import { type NamedTensor, writeElements } from '../v2/tensor.ts'
import { answerMessage, readMessage } from './exchange-message.ts'
import { findModel, ONLY_VERSION } from './find-model.ts'
import {
  type InferTensor,
  MODEL_INFER_REQUEST,
  MODEL_INFER_RESPONSE,
  type ModelInferRequest,
  type ParameterEntry,
} from './messages.ts'
import { readInputs } from './read-infer.ts'

/** `ModelInfer`: outputs are always answered raw. */
export async function infer(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const request = readMessage(MODEL_INFER_REQUEST, exchange)
  const { model_name: name = '', model_version: version = '', id } = request
  const model = findModel(models, { name, version })
  const plan = planModel(model.signature)
  // Models that do not fit are not among those of the protocol.
  if (!plan.fits) throw new TypeError(plan.reason)
  const wanted = chooseOutputs(request, plan)
  const outputs = await inferTensors({ model, plan, exchange }, readInputs(request))
  const chosen = wanted === undefined ? outputs : wanted.flatMap(each => outputs.filter(output => output.name === each))
  return answerMessage(MODEL_INFER_RESPONSE, {
    model_name: model.name,
    model_version: model.version ?? ONLY_VERSION,
    ...(id === undefined ? {} : { id }),
    outputs: chosen.map(describeOutput),
    raw_output_contents: chosen.map(({ data }) => writeElements(data)),
  })
}

/** The names of the outputs that a request asks for. Undefined: all. */
function chooseOutputs({ outputs = [] }: ModelInferRequest, plan: ModelPlan): readonly string[] | undefined {
  if (outputs.length === 0) return undefined
  const known = plan.outputs.tensors.map(({ name }) => name)
  return outputs.map(({ name = '', parameters = [] }, index) => {
    if (!known.includes(name)) throw refuseTensors(`outputs[${index}] is none of the outputs: ${known.join(', ')}.`)
    if (parameters.some(isClassification))
      throw refuseTensors(`outputs[${index}] asks for a classification, which this server does not compute.`)
    return name
  })
}

function isClassification({ key }: ParameterEntry): boolean {
  return key === 'classification'
}

function describeOutput({ name, datatype, shape }: NamedTensor): InferTensor {
  return { name, datatype, shape: BigInt64Array.from(shape, BigInt) }
}
