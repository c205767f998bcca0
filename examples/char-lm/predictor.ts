import { type Text, TextWriter } from './text-writer.ts'

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

/** Writes on in the manner of a whaling novel, character by character, many texts at once. */
export default class Writer extends TextWriter {
  static warmup: Prompt[] = [{ length: 1 }]

  begin({ prompt = 'Call me', length = 300, temperature = 0.6, seed }: Prompt): Text {
    return this.start({ prompt, length, temperature, seed })
  }
}
