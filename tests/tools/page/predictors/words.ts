import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'

interface Prompt {
  /** @integer @minimum 0 @maximum 1000 @default 60 */
  count?: number
  /** Milliseconds. @default 100 */
  pause?: number
  /** The word at which it fails; 0: it does not. @default 0 */
  failAt?: number
}

export default class Words extends BasePredictor {
  async *predict({ count = 60, pause = 100, failAt = 0 }: Prompt): AsyncGenerator<string> {
    for (let word = 1; word <= count; word += 1) {
      if (word === failAt) throw new Error('no more words')
      yield `word${word} `
      await sleep(pause)
    }
  }
}
