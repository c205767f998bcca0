import { BatchPredictor, batch } from 'incant'

interface Passage {
  /** @minLength 1 @maxLength 10000 @example "Guten Tag" */
  text: string
}

/** Each caller sends one passage; the model gets those that wait together. */
@batch({ maxSize: 32 })
export default class Predictor extends BatchPredictor {
  /** Results are in the order of the passages. */
  predictBatch(passages: Passage[]): { words: number }[] {
    // Your model computes all of them at once here.
    return passages.map(({ text }) => ({ words: text.match(/\p{L}+/gu)?.length ?? 0 }))
  }
}
