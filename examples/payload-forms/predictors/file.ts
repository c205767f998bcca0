import { BasePredictor } from 'incant'

/** `File`: like `Blob`, for models whose code asks for files. A body has no name of its own; this one's is `body`. */
export default class Predictor extends BasePredictor {
  predict(body: File): { name: string; type: string; size: number } {
    return { name: body.name, type: body.type, size: body.size }
  }
}
