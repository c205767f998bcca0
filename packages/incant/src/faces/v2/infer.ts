import { callModel, callRows } from '../call-rows.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModel } from '../model.ts'
import { toPayloads } from './decode.ts'
import { toTensors } from './encode.ts'
import type { ModelPlan } from './plan.ts'
import { refuseTensors } from './refusal.ts'
import type { NamedTensor } from './tensor.ts'

/** The model that is called, and its name in the request. */
export interface Inference {
  readonly model: FaceModel
  readonly plan: ModelPlan
  readonly exchange: FaceExchange
}

/**
 * Calls a model with the tensors of a request. Each row of a batch is a call, which is computed together with those of
 * others.
 *
 * @throws {RequestError} `invalid_tensor` for what does not fit the model, with the row where there are several; what
 * `/predict` would answer.
 */
export async function infer(inference: Inference, tensors: readonly NamedTensor[]): Promise<readonly NamedTensor[]> {
  const { plan } = inference
  const payloads = toPayloads(plan, tensors)
  const nameOf = (row: number): string => `Row ${row}`
  const results = plan.batched
    ? await callRows({ ...inference, payloads, nameOf, refuse: refuseTensors })
    : [await callModel(inference, payloads[0])]
  return toTensors(plan, results)
}
