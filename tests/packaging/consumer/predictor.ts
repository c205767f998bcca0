import { BasePredictor } from 'incant'

interface Passage {
  /** @minLength 1 */
  text: string
}

export default class Predictor extends BasePredictor {
  predict({ text }: Passage): { words: number } {
    return { words: text.split(/\s+/).length }
  }
}
