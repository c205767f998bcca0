import type { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { infer as inferTensors } from '../v2/infer.ts'
import { contentOf, findModel, versionOf } from '../v2/metadata.ts'
import { type ModelPlan, planModel } from '../v2/plan.ts'
import { refuseTensors } from '../v2/refusal.ts'
import { type NamedTensor, writeElements } from '../v2/tensor.ts'
import { type ChosenOutput, chooseOutputs } from '../v2/write-response.ts'
import { placeOf } from './asked-model.ts'
import { answerMessage, readMessage } from './exchange-message.ts'
import { type InferTensor, MODEL_INFER_REQUEST, MODEL_INFER_RESPONSE, type ModelInferRequest } from './messages.ts'
import { readInputs } from './read-infer.ts'

/** `ModelInfer`: outputs are always answered raw. */
export async function infer(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const request = readMessage(MODEL_INFER_REQUEST, exchange)
  const { model_name: name = '', model_version: version = '', id } = request
  const model = findModel(placeOf({ name, version }), models)
  const plan = planModel(model.signature)
  if (!plan.fits) throw refuseTensors('The model takes no tensors.')
  const chosen = readOutputs(request, plan)
  const tensors = await inferTensors({ model, plan, exchange }, readInputs(request))
  const outputs = chosen.flatMap(output =>
    tensors.filter(each => each.name === output.plan.name).map(tensor => ({ tensor, output })),
  )
  return answerMessage(MODEL_INFER_RESPONSE, {
    model_name: model.name,
    model_version: versionOf(model),
    ...(id === undefined ? {} : { id }),
    outputs: outputs.map(({ tensor, output }) => describeOutput(tensor, output)),
    raw_output_contents: outputs.map(({ tensor }) => writeElements(tensor.data)),
  })
}

function readOutputs({ outputs = [] }: ModelInferRequest, plan: ModelPlan): readonly ChosenOutput[] {
  for (const [index, { parameters = [] }] of outputs.entries())
    if (parameters.some(({ key }) => key === 'classification'))
      throw refuseTensors(`outputs[${index}] asks for the extension classification, which this server does not have.`)
  const named = outputs.map(({ name = '' }) => ({ name, binary: true }))
  return chooseOutputs(plan, { binary: true, outputs: named.length === 0 ? undefined : named })
}

function describeOutput({ name, datatype, shape }: NamedTensor, { plan }: ChosenOutput): InferTensor {
  const parameters = Object.entries(contentOf(plan.layout)).map(([key, text]) => ({
    key,
    value: { string_param: text },
  }))
  return { name, datatype, shape: BigInt64Array.from(shape, BigInt), parameters }
}
