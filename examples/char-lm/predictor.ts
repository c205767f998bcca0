import { BasePredictor } from 'incant'
import { CharacterModel } from './character-model.ts'
import { seeded } from './sample.ts'

interface Prompt {
  /** What the text begins with. @maxLength 1000 @default "Call me" @example "Call me" */
  prompt?: string
  /** How many characters to write. @integer @minimum 1 @maximum 5000 @default 300 */
  length?: number
  /** How bold to be: 0 always takes the likeliest character. @minimum 0 @maximum 2 @default 0.6 */
  temperature?: number
  /** The same seed writes the same text. Otherwise each call writes another. @integer */
  seed?: number
}

/** Writes on in the manner of a whaling novel, character by character. */
export default class Writer extends BasePredictor {
  static warmup: Prompt[] = [{ length: 1 }]

  #model!: CharacterModel

  override async setup() {
    this.#model = await CharacterModel.load(new URL('model/', import.meta.url))
  }

  /** Each character leaves when it is written. When the reader stalls, so does the writing; when it leaves, it ends. */
  async *predict({ prompt = 'Call me', length = 300, temperature = 0.6, seed }: Prompt): AsyncGenerator<string> {
    const random = seed === undefined ? Math.random : seeded(seed)
    yield* this.#model.continue({ prompt, length, temperature, random })
  }
}
