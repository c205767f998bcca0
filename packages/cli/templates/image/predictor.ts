import { BasePredictor, type Form, HTTPException } from 'incant'

/** The fields of a form. */
interface Fields {
  /** A picture. @contentMediaType image/png */
  image: File
  /** A picture with at least this many pixels is large. @minimum 1 @default 1000000 @integer */
  large?: number
}

export default class Predictor extends BasePredictor {
  /** Measures a picture. */
  async predict({
    image,
    large = 1_000_000,
  }: Form<Fields>): Promise<{ width: number; height: number; large: boolean }> {
    // Your model decodes all of it; here its head is enough.
    const head = new DataView(await image.slice(0, 24).arrayBuffer())
    if (head.byteLength < 24 || head.getUint32(0) !== 0x89504e47) {
      throw new HTTPException(422, { message: 'The picture is no PNG.' })
    }
    const [width, height] = [head.getUint32(16), head.getUint32(20)]
    return { width, height, large: width * height >= large }
  }
}
