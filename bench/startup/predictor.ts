import { BasePredictor } from 'incant'

interface Passage {
  /** @minLength 1 */
  text: string
  /** @default 3 */
  top?: number
}

/** As little as a predictor can be, and types to read. */
export default class Predictor extends BasePredictor {
  predict(payload: Passage): { length: number } {
    return { length: payload.text.length }
  }
}
