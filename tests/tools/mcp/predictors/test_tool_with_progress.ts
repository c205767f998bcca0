import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'

export default class Progress extends BasePredictor {
  /** Three words, one after the other. */
  async *predict(): AsyncGenerator<string> {
    for (const word of ['one', 'two', 'three']) {
      yield word
      await sleep(50)
    }
  }
}
