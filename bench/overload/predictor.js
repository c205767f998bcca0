import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from '../../packages/incant/dist/index.js'

/** Waits, as for a device of its own: so that the capacity does not depend on what else the machine does. */
export default class Predictor extends BasePredictor {
  async predict() {
    await sleep(20)
    return {}
  }
}
