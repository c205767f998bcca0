import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from '../../packages/incant/dist/index.js'

/** Waits, as for a device: what it takes does not depend on what else the machine does. */
export default class Waiting extends BasePredictor {
  async predict() {
    await sleep(20)
    return {}
  }
}
