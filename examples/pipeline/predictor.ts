import { BasePredictor, type PredictContext } from 'incant'
import type Language from '../language-id/predictor.ts'
import type Ocr from '../ocr/predictor.ts'

interface Reading {
  /** The lines of the page, from the top down. */
  lines: string[]
  /** The likeliest language of the text, as an English name. Null where there is no text. */
  language: string | null
  /** @minimum 0 @maximum 1 */
  probability: number
}

/** Reads the text on an image, then says which language it is in: two models of the same server, one after the other. */
export default class Pipeline extends BasePredictor {
  /** The image as it is: PNG, JPEG, WebP, GIF, AVIF or TIFF. */
  async predict(page: Uint8Array, { models, log }: PredictContext): Promise<Reading> {
    const { lines } = await models.get<typeof Ocr>('ocr').predict(page)
    const texts = lines.map(({ text }) => text)
    if (texts.length === 0) return { lines: [], language: null, probability: 0 }
    const [guess] = await models.get<typeof Language>('language').predict({ text: texts.join('\n'), top: 1 })
    log.info('read', { lines: texts.length, language: guess?.code })
    return { lines: texts, language: guess?.language ?? null, probability: guess?.probability ?? 0 }
  }
}
