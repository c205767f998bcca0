import type { PredictCall } from '../engine/engine.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import type { CallTrace } from '../tracing/tracing.ts'
import type { ReplicaProcess } from './replica-process.ts'
import type { EncodedCall } from './wire/wire-call.ts'

/** The arguments of {@link predictTraced}. */
export interface TracedCall {
  readonly call: PredictCall
  readonly encoded: EncodedCall
  readonly trace: CallTrace
  onDone(): void
}

/** Has a replica call predict as one step of the call's trace, which goes on there. */
export function predictTraced(
  replica: ReplicaProcess,
  { call, encoded, trace, onDone }: TracedCall,
): Promise<PredictAnswer> {
  const step = trace.step('replica', { 'incant.replica': replica.index })
  const carried = { ...encoded, call: { ...encoded.call, trace: step.carry() } }
  const answer = replica.predict(call, carried, () => {
    onDone()
    // A failure, which comes at the same time, counts first.
    queueMicrotask(() => step.end())
  })
  answer.catch(thrown => step.fail(thrown))
  return answer
}
