import { BasePredictor } from 'incant'
import Generators, { type Prompt } from '../sequences/generators.ts'

/** The model of examples/char-lm, and an account of what it writes, which `GET /health` gives. */
export default class Counted extends Generators {
  #written = 0
  /** When the last text ended, in milliseconds since the epoch. */
  #endedAt = 0

  override async *predict(prompt: Prompt): AsyncGenerator<string> {
    try {
      for await (const character of super.predict(prompt)) {
        this.#written += 1
        yield character
      }
    } finally {
      this.#endedAt = Date.now()
    }
  }

  override health(): { written: number; endedAt: number } {
    return { written: this.#written, endedAt: this.#endedAt }
  }
}

/** As fast as it is read, and without end: what a model would be that takes no time. */
export class Endless extends BasePredictor {
  #written = 0

  async *predict(): AsyncGenerator<string> {
    for (;;) {
      this.#written += 1
      yield 'x'.repeat(1024)
    }
  }

  override health(): { written: number } {
    return { written: this.#written }
  }
}
