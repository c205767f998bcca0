import { Cancellation } from '../../../engine/cancellation.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceAnswer, FaceModel } from '../../model.ts'
import { endOthers } from './call-in-turn.ts'

/**
 * Calls a model with each payload at once, and waits until each has begun to answer. When one of them fails, the others are
 * ended: one that has no place in the queue refuses them all.
 */
export async function startCalls(
  exchange: FaceExchange,
  model: FaceModel,
  payloads: readonly unknown[],
): Promise<readonly FaceAnswer[]> {
  const [only, ...others] = payloads
  if (others.length === 0) return [await model.call(exchange, only, { answer: 'items' })]
  const cancellation = new Cancellation()
  try {
    return await Promise.all(payloads.map(payload => model.call(exchange, payload, { answer: 'items', cancellation })))
  } catch (thrown) {
    endOthers(cancellation)
    throw thrown
  }
}

/** The payloads of several answers to the same prompt. Where predict takes a seed, each has another. */
export function repeatPayload(payload: Readonly<Record<string, unknown>>, times: number): readonly unknown[] {
  const { seed } = payload
  return Array.from({ length: times }, (_, index) =>
    index > 0 && typeof seed === 'number' ? { ...payload, seed: seed + index } : payload,
  )
}
