import { BasePredictor } from 'incant'

/** A static `predict`: for a predictor that holds nothing. */
export default class Predictor extends BasePredictor {
  static predict({ celsius }: { celsius: number }): { fahrenheit: number } {
    return { fahrenheit: (celsius * 9) / 5 + 32 }
  }
}
