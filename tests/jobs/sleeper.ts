import { BasePredictor } from 'incant'

/** Takes a while. */
export default class Sleeper extends BasePredictor {
  async predict({ milliseconds }: { milliseconds: number }): Promise<string> {
    await new Promise(resolve => setTimeout(resolve, milliseconds))
    return 'slept'
  }
}
