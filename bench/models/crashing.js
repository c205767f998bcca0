import { BasePredictor } from '../../packages/incant/dist/index.js'

/** Takes its process along with each call, as native code that crashes does. */
export default class Crashing extends BasePredictor {
  predict() {
    process.kill(process.pid, 'SIGKILL')
  }
}
