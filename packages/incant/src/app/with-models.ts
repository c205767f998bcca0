import type { PredictCall } from '../engine/engine.ts'
import type { RouteHost } from './route-host.ts'

/** The same call, which can call the other models of the server where there are any. */
export function withModels(call: PredictCall, { callModel }: Pick<RouteHost, 'callModel'>): PredictCall {
  if (callModel === undefined) return call
  const composed: PredictCall = { ...call, callModel: asked => callModel(composed, asked) }
  return composed
}
