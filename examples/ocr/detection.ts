import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type Box, type Normalization, type PageImage, toPlanes } from './page-image.ts'
import { findRegions, type Region } from './regions.ts'

const NORMALIZATION: Normalization = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

/** The longer side of what the model looks at. */
const LONGEST_SIDE = 960

/** How sure the model must be, on average over a region, that it is text. */
const LEAST_SCORE = 0.6

/** The model marks the core of a line; the line itself is larger by area / perimeter times this. */
const GROWTH = 1.6

/** Finds the lines of text on a page: upright rectangles, from the top down. */
export class Detector {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async load(path: string, options: InferenceSession.SessionOptions): Promise<Detector> {
    return new Detector(await InferenceSession.create(path, options))
  }

  async detect(page: PageImage): Promise<Box[]> {
    const size = modelSize(page)
    const whole = { left: 0, top: 0, width: page.width, height: page.height }
    const { values } = await toPlanes(page, whole, { ...size, ...NORMALIZATION })
    const probabilities = await this.#run(values, size)
    const scale = { x: page.width / size.width, y: page.height / size.height }
    return findRegions(probabilities, size.width)
      .filter(region => region.score >= LEAST_SCORE)
      .map(region => toBox(region, scale, page))
      .sort((one, other) => one.top - other.top || one.left - other.left)
  }

  /** One probability a pixel, row by row. */
  async #run(values: Float32Array, size: { width: number; height: number }): Promise<Float32Array> {
    const output = await this.#session.run({ x: new Tensor('float32', values, [1, 3, size.height, size.width]) })
    const [tensor] = Object.values(output)
    if (!(tensor?.data instanceof Float32Array))
      throw new TypeError('The detection model gave no map of probabilities.')
    return tensor.data
  }
}

/** The size that the model sees a page in: no larger than needed, each side a multiple of 32. */
function modelSize({ width, height }: PageImage): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  const round = (side: number) => Math.max(32, Math.round((side * scale) / 32) * 32)
  return { width: round(width), height: round(height) }
}

function toBox(region: Region, scale: { x: number; y: number }, page: PageImage): Box {
  const width = region.right - region.left + 1
  const height = region.bottom - region.top + 1
  const margin = ((width * height) / (2 * (width + height))) * GROWTH
  const left = Math.max(0, Math.floor((region.left - margin) * scale.x))
  const top = Math.max(0, Math.floor((region.top - margin) * scale.y))
  const right = Math.min(page.width, Math.ceil((region.right + 1 + margin) * scale.x))
  const bottom = Math.min(page.height, Math.ceil((region.bottom + 1 + margin) * scale.y))
  return { left, top, width: right - left, height: bottom - top }
}
