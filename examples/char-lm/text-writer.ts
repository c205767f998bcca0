import { SequencePredictor, type Step } from 'incant'
import type { CompletionEnd } from 'incant/openai'
import { CharacterModel, type Reading } from './character-model.ts'
import { type Random, sample, seeded } from './sample.ts'

/** How a text begins and goes on. */
export interface Beginning {
  readonly prompt: string
  /** How many characters to write. */
  readonly length: number
  readonly temperature: number
  /** The same seed writes the same text. */
  readonly seed: number | undefined
}

/** Characters of the longest text: clients of the OpenAI API may ask for any number. */
const LONGEST = 5000

/** One text while it is written. */
export interface Text {
  /** What the model has read of it, and what it is to read next. */
  readonly reading: Reading
  readonly temperature: number
  readonly random: Random
  readonly result: CompletionEnd
  /** Characters still to be written. */
  left: number
}

/** Writes many texts at once, a character of each in every step. Subclasses say what their callers send. */
export abstract class TextWriter extends SequencePredictor {
  #model!: CharacterModel

  override async setup() {
    this.#model = await CharacterModel.load(new URL('model/', import.meta.url))
  }

  protected start({ prompt, length: wanted, temperature, seed }: Beginning): Text {
    const length = Math.min(Math.max(1, wanted), LONGEST)
    const random = seed === undefined ? Math.random : seeded(seed)
    const usage = { prompt_tokens: prompt.length, completion_tokens: length }
    return {
      reading: this.#model.begin(prompt.slice(-1000)),
      temperature,
      random,
      result: { finish_reason: 'length', usage },
      left: length,
    }
  }

  /** One character for every text. A prompt that is still being read in parts has none yet. */
  async step(texts: Text[]): Promise<Step<string, CompletionEnd>[]> {
    await this.#model.read(texts.map(({ reading }) => reading))
    return texts.map(text => this.#write(text))
  }

  #write(text: Text): Step<string, CompletionEnd> {
    const { reading, temperature, random, result } = text
    if (reading.unread.length > 0) return {}
    const next = sample(reading.logits, temperature, random)
    reading.unread = [next]
    text.left -= 1
    return { item: this.#model.characterOf(next), done: text.left === 0, result }
  }
}
