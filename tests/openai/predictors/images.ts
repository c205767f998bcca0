import { BasePredictor } from 'incant'
import type { ImageRequest, ImageResult } from 'incant/openai'

export default class Painter extends BasePredictor {
  predict({ prompt }: Pick<ImageRequest, 'prompt'>): ImageResult {
    return new TextEncoder().encode(prompt)
  }
}
