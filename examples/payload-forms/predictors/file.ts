import { BasePredictor } from 'incant'

/** `File`: like `Blob`, with the name that `Content-Disposition` gives it. */
export default class Predictor extends BasePredictor {
  predict(body: File): { name: string; type: string; size: number } {
    return { name: body.name, type: body.type, size: body.size }
  }
}
