import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { PredictCall } from '../../engine/engine.ts'
import type { DataForm, PredictAnswer } from '../../http/predict-io.ts'
import { type InputPlan, planInput } from '../../http/read-input.ts'
import { takePayload } from '../../http/take-payload.ts'
import type { RouteHost } from '../route-host.ts'
import { withModels } from '../with-models.ts'

/** A call of a model whose payload is there already. */
export interface ModelCall extends Omit<PredictCall, 'input' | 'streamFormat' | 'answer'> {
  readonly payload: unknown
  readonly answer: DataForm
}

/** Calls a model. */
export type CallModel = (call: ModelCall) => MaybePromise<PredictAnswer>

/**
 * Makes what calls a model of this server without a request of its own: what comes from elsewhere is validated, queued, and
 * bounded as what comes to `/predict`.
 */
export function modelCaller(host: RouteHost): CallModel {
  // The engine, too, is made when the first call comes.
  let plan: InputPlan | undefined
  return ({ payload, ...call }) => {
    plan ??= planInput(host.signature, host.validator, { limits: host.settings, reader: undefined })
    return chain(takePayload(payload, plan), input =>
      host.engine.predict(withModels({ ...call, input, streamFormat: 'event-stream' }, host)),
    )
  }
}
