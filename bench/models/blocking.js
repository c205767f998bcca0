import { BasePredictor } from '../../packages/incant/dist/index.js'

const never = new Int32Array(new SharedArrayBuffer(4))

/**
 * Holds up its event loop for half a second with each call, without a processor: what is measured is the server, and not how
 * many cores the machine has.
 */
export default class Blocking extends BasePredictor {
  predict() {
    Atomics.wait(never, 0, 0, 500)
    return {}
  }
}
