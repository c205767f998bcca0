import { getLIDModel } from 'fasttext.wasm.js'
import { BasePredictor } from 'incant'

interface Passage {
  /** The text to look at. @minLength 1 @maxLength 10000 @pattern \S @example "Guten Tag, wie geht es Ihnen?" */
  text: string
  /** How many guesses to give. @integer @minimum 1 @maximum 10 @default 3 */
  top?: number
}

interface Guess {
  /** The English name. @example "German" */
  language: string
  /** ISO 639-3. @example "deu" */
  code: string
  /** @minimum 0 @maximum 1 */
  probability: number
}

/** What is used of the model. */
interface LanguageModel {
  load(): Promise<unknown>
  identify(text: string, top: number): Promise<{ alpha3: string; refName: string; possibility: number }[]>
}

/** Says which of 176 languages a text is written in. */
export default class Predictor extends BasePredictor {
  private model!: LanguageModel

  /** Runs once, before the server is ready. */
  override async setup() {
    this.model = await getLIDModel()
    await this.model.load()
  }

  /** Gives the likeliest languages, best first. */
  async predict({ text, top = 3 }: Passage): Promise<Guess[]> {
    const line = text.replaceAll(/\s+/g, ' ') // the model reads no further than the end of a line
    const guesses = await this.model.identify(line, top)
    return guesses.map(guess => ({
      language: guess.refName,
      code: guess.alpha3,
      probability: Math.min(1, guess.possibility), // rounding takes it to 1.00003
    }))
  }
}
