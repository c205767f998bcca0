import { BasePredictor } from 'incant'

export default class SimpleText extends BasePredictor {
  /** A short text. */
  predict(): string {
    return 'This is a simple text response for testing.'
  }
}
