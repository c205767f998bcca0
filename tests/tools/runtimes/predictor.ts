import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth } from 'incant/auth'

interface Wish {
  /** How many items to stream. */
  count?: number
  /** Keeps its place after the first item, until the caller leaves. */
  hold?: boolean
  /** A text to give back. */
  echo?: string
}

/** Counts, echoes, or keeps a caller waiting: what the client of every runtime asks for. */
@bearerAuth({ tokens: { env: 'RUNTIMES_TOKEN' } })
export default class Predictor extends BasePredictor {
  predict(wish: Wish, context: PredictContext): { echo: string } | AsyncGenerator<number> {
    if (wish.echo !== undefined) return { echo: wish.echo }
    return count(wish.hold === true ? 1 : (wish.count ?? 0), wish.hold === true ? context.signal : undefined)
  }
}

async function* count(items: number, until?: AbortSignal): AsyncGenerator<number> {
  for (let item = 1; item <= items; item += 1) yield item
  if (until?.aborted === false) await new Promise(resolve => until.addEventListener('abort', resolve))
}
