import { BasePredictor } from 'incant'

/** `Buffer`: the bytes of the body, with Node's methods for them. */
export default class Predictor extends BasePredictor {
  predict(body: Buffer): { isPNG: boolean; start: string } {
    return { isPNG: body.subarray(1, 4).toString('latin1') === 'PNG', start: body.subarray(0, 4).toString('hex') }
  }
}
