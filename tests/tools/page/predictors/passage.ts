import { BasePredictor } from 'incant'

/** @minLength 2 */
type Tag = string

interface Passage {
  /** The text to look at. @minLength 1 @example "Guten Tag" */
  text: string
  /** How many guesses to give. @integer @minimum 1 @maximum 10 @default 3 */
  top?: number
  note?: string | null
  id?: bigint
  at?: Date
  'a/b~c'?: { count: number }
  tags?: Tag[]
  box?: [x: number, y: number]
  source?: { kind: 'web'; url: string } | { kind: 'person'; age: number }
}

export default class Predictor extends BasePredictor {
  /**
   * Guesses the language of a passage.
   * @example <caption>German</caption> {"text":"Guten Tag"}
   */
  predict({ text, top = 3, ...rest }: Passage) {
    const guesses = ['de', 'nl', 'en', 'fr'].map((label, index) => ({ label, score: 0.8 / 2 ** index }))
    return {
      language: 'de',
      guesses: guesses.slice(0, top),
      words: text.split(' ').map((word, index) => ({ word, index })),
      embedding: Array.from({ length: 64 }, (_, index) => Math.sin(index / 5)),
      id: rest.id,
      at: rest.at,
      'null?': rest.note === null,
    }
  }
}
