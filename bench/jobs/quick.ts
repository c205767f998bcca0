import { BasePredictor } from 'incant'

/** Returns at once. */
export default class Quick extends BasePredictor {
  predict({ text }: { text: string }): { length: number } {
    return { length: text.length }
  }
}
