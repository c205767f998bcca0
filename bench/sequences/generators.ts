import { BasePredictor } from 'incant'
import { CharacterModel } from '../../examples/char-lm/character-model.ts'
import { type Random, sample, seeded } from '../../examples/char-lm/sample.ts'

/** A text that is written. */
export interface Prompt {
  prompt: string
  length: number
  seed: number
}

/** Writes one text: a run of the model for each character. */
export async function* write(
  model: CharacterModel,
  { prompt, length }: Pick<Prompt, 'prompt' | 'length'>,
  random: Random,
): AsyncGenerator<string> {
  const reading = model.begin(prompt)
  for (let count = 0; count < length; count += 1) {
    while (reading.unread.length > 0) await model.read([reading])
    const next = sample(reading.logits, 0.6, random)
    reading.unread = [next]
    yield model.characterOf(next)
  }
}

/** The model of examples/char-lm with a generator for each caller: what a server does that knows no sequences. */
export default class Generators extends BasePredictor {
  #model!: CharacterModel

  override async setup(): Promise<void> {
    this.#model = await CharacterModel.load(new URL('../../examples/char-lm/model/', import.meta.url))
  }

  predict(prompt: Prompt): AsyncGenerator<string> {
    return write(this.#model, prompt, seeded(prompt.seed))
  }
}
