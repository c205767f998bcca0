import { BasePredictor } from 'incant'

/** `Blob`: the bytes of the body and their content type. */
export default class Predictor extends BasePredictor {
  predict(body: Blob): { type: string; size: number } {
    return { type: body.type, size: body.size }
  }
}
