import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'

interface Countdown {
  /** @integer @minimum 1 @maximum 100 */
  from: number
}

/** `async *predict`: every item is sent as soon as it is there, as server-sent events, or as NDJSON where `Accept` asks. */
export default class Predictor extends BasePredictor {
  async *predict({ from }: Countdown): AsyncGenerator<{ left: number }> {
    for (let left = from; left >= 0; left -= 1) {
      yield { left }
      await sleep(10)
    }
  }
}
