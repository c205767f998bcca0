import { BasePredictor } from 'incant'

interface Review {
  /** The text to rate. @minLength 1 @maxLength 10000 @example "A great book" */
  text: string
}

export default class Predictor extends BasePredictor {
  #good = new Set<string>()

  /** Loads the model, once, before the server reports that it is ready. */
  override async setup(): Promise<void> {
    // Your model, in place of a list of words: its files are in this.modelInfo.path.
    this.#good = new Set(['good', 'great', 'lovely', 'excellent'])
  }

  /** Counts the words of a text, and the good ones among them. */
  predict({ text }: Review): { words: number; good: number } {
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
    return { words: words.length, good: words.filter(word => this.#good.has(word)).length }
  }
}
