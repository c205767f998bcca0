import { BasePredictor, HTTPException } from 'incant'

/** `ArrayBuffer`: the bytes of the body, here 32-bit floating point numbers, as a tensor travels. */
export default class Predictor extends BasePredictor {
  predict(body: ArrayBuffer): { sum: number } {
    if (body.byteLength % 4 !== 0) throw new HTTPException(422, { message: 'Send a multiple of four bytes.' })
    return { sum: new Float32Array(body).reduce((sum, value) => sum + value, 0) }
  }
}
