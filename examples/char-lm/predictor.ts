import { SequencePredictor, type Step } from 'incant'
import { CharacterModel, type Reading } from './character-model.ts'
import { type Random, sample, seeded } from './sample.ts'

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

/** One text while it is written. */
interface Text {
  /** What the model has read of it, and what it is to read next. */
  readonly reading: Reading
  readonly temperature: number
  readonly random: Random
  /** Characters still to be written. */
  left: number
}

/** Writes on in the manner of a whaling novel, character by character, many texts at once. */
export default class Writer extends SequencePredictor {
  static warmup: Prompt[] = [{ length: 1 }]

  #model!: CharacterModel

  override async setup() {
    this.#model = await CharacterModel.load(new URL('model/', import.meta.url))
  }

  begin({ prompt = 'Call me', length = 300, temperature = 0.6, seed }: Prompt): Text {
    const random = seed === undefined ? Math.random : seeded(seed)
    return { reading: this.#model.begin(prompt), temperature, random, left: length }
  }

  /** One character for every text. A prompt that is still being read in parts has none yet. */
  async step(texts: Text[]): Promise<Step<string>[]> {
    await this.#model.read(texts.map(({ reading }) => reading))
    return texts.map(text => this.#write(text))
  }

  #write(text: Text): Step<string> {
    const { reading, temperature, random } = text
    if (reading.unread.length > 0) return {}
    const next = sample(reading.logits, temperature, random)
    reading.unread = [next]
    text.left -= 1
    return { item: this.#model.characterOf(next), done: text.left === 0 }
  }
}
