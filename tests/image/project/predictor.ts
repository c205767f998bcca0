import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'

interface Wait {
  /** How long to wait. @minimum 0 @maximum 10000 */
  milliseconds: number
}

interface Waited {
  word: string
  uid: number | undefined
}

export default class Waiter extends BasePredictor {
  async predict({ milliseconds }: Wait): Promise<Waited> {
    await sleep(milliseconds)
    return { word: 'first', uid: process.getuid?.() }
  }
}
