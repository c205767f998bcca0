import { BasePredictor, HTTPException } from 'incant'

export default class Failing extends BasePredictor {
  /** Fails, and says why. */
  predict(): string {
    throw new HTTPException(400, { message: 'This tool intentionally returns an error for testing' })
  }
}
