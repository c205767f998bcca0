import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor, type PredictContext } from 'incant'

/** Takes its time. */
export default class Pause extends BasePredictor {
  async predict(milliseconds: Float32Array, { log }: PredictContext): Promise<Float32Array> {
    log.info('a pause begins')
    await sleep(milliseconds[0])
    return milliseconds
  }
}
