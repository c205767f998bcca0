import { BatchPredictor } from 'incant'

interface Text {
  /** @maxLength 10 */
  text: string
  weight: number
}

/** How long each text is, and how many were computed together. */
export default class Lengths extends BatchPredictor {
  predictBatch(texts: Text[]): { length: number; together: number }[] {
    return texts.map(({ text, weight }) => ({ length: text.length * weight, together: texts.length }))
  }
}
