import { BasePredictor } from 'incant'

/** The head of a sound of no length: RIFF, 16 bits, 8,000 samples a second. */
const SILENCE = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA='

export default class Audio extends BasePredictor {
  /** A sound of no length. */
  predict(): Blob {
    return new Blob([Buffer.from(SILENCE, 'base64')], { type: 'audio/wav' })
  }
}
