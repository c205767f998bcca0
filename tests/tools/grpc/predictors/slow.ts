import { BasePredictor, type PredictContext } from 'incant'

/** Ends when it is cancelled. */
export default class Slow extends BasePredictor {
  async predict(_numbers: Float32Array, { signal, log }: PredictContext): Promise<Float32Array> {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    log.info('the signal has fired')
    return Float32Array.of(0)
  }
}
