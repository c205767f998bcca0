import { BasePredictor, type PredictContext } from 'incant'

interface Prompt {
  /** @minLength 1 @maxLength 10000 @example "one by one" */
  text: string
}

export default class Predictor extends BasePredictor {
  /** Sends each word when it is yielded. */
  async *predict({ text }: Prompt, { signal }: PredictContext): AsyncGenerator<{ word: string }> {
    for (const word of text.split(/\s+/)) {
      // The caller has gone: your model need not go on.
      if (signal.aborted) return
      yield { word }
    }
  }
}
