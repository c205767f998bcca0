import { BasePredictor } from 'incant'

/** `Uint8Array`: the bytes of the body. Bytes come back as bytes, too. */
export default class Predictor extends BasePredictor {
  predict(body: Uint8Array): Uint8Array {
    return body.toReversed()
  }
}
