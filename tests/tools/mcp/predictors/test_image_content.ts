import { BasePredictor } from 'incant'

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export default class Image extends BasePredictor {
  /** A red pixel. What it is, its first bytes say. */
  predict(): Uint8Array {
    return Buffer.from(PIXEL, 'base64')
  }
}
