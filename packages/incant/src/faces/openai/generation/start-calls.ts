import { Cancellation } from '../../../engine/cancellation.ts'
import { RequestError } from '../../../errors/request-error.ts'
import type { FaceExchange } from '../../exchange.ts'
import type { FaceAnswer, FaceModel } from '../../model.ts'

/** So many calls of one request wait or run at a time: enough to fill a batch, and no more of the queue than that. */
export const AT_ONCE = 32

/** The calls of one request. */
export interface Calls {
  /** Each gives its answer once it has begun. One that has not been started is started by that. */
  readonly answers: readonly (() => Promise<FaceAnswer>)[]
  /** Ends those that are still running. */
  end(): void
}

/**
 * Calls a model with each payload, some at a time, and waits until the first of them have begun to answer: what is refused
 * is refused before the answer begins. When one of them fails, the others are ended.
 */
export async function startCalls(
  exchange: FaceExchange,
  model: FaceModel,
  payloads: readonly unknown[],
): Promise<Calls> {
  const cancellation = new Cancellation()
  const answers = payloads.map(payload => once(() => model.call(exchange, payload, { answer: 'items', cancellation })))
  const end = () => endCalls(cancellation)
  try {
    await Promise.all(answers.slice(0, AT_ONCE).map(start => start()))
  } catch (thrown) {
    end()
    throw thrown
  }
  return { answers, end }
}

/** Ends the calls of a request that nobody needs any more. */
export function endCalls(cancellation: Cancellation): void {
  cancellation.cancel(new RequestError('interrupted', { detail: 'The request that this call belongs to is over.' }))
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** The payloads of several answers to the same prompt. Where predict takes a seed, each has another. */
export function repeatPayload(payload: Readonly<Record<string, unknown>>, times: number): readonly unknown[] {
  const { seed } = payload
  return Array.from({ length: times }, (_, index) =>
    index > 0 && typeof seed === 'number' ? { ...payload, seed: seed + index } : payload,
  )
}
