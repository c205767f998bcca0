import { BasePredictor } from 'incant'

/** `string`: the text of the body; of a JSON body, the string in it. A string comes back as `text/plain`. */
export default class Predictor extends BasePredictor {
  predict(text: string): string {
    return text.toUpperCase()
  }
}
