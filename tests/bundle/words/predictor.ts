import { readFileSync } from 'node:fs'
import { BasePredictor } from 'incant'

/** One of three images: VERSION is a variable of the image, and `torn` cannot start. */
export default class Words extends BasePredictor {
  #model = ''

  setup(): void {
    if (process.env.VERSION === 'torn') throw new Error('the weights are torn')
    if (process.env.READS_MODEL === 'yes') this.#model = readFileSync(`${this.modelInfo.path}/words.txt`, 'utf8').trim()
  }

  /** Counts letters; with `burn`, a processor is busy for so many milliseconds first. */
  predict(payload: { text: string; burn?: number }): { version: string; letters: number; model: string } {
    const until = Date.now() + (payload.burn ?? 0)
    while (Date.now() < until);
    return { version: process.env.VERSION ?? '', letters: payload.text.length, model: this.#model }
  }
}
