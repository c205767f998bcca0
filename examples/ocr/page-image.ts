import type { Sharp } from 'sharp'
import sharp from 'sharp'

/** A rectangle of an image, in whole pixels. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** A decoded page: eight bits a channel, red, green and blue interleaved, row by row. */
export interface PageImage {
  width: number
  height: number
  pixels: Buffer
}

/** The values of a model's input: a plane of blue, one of green, one of red. */
export interface Planes {
  width: number
  height: number
  values: Float32Array
}

/** What a channel is scaled by: `(value / 255 - mean) / deviation`. */
export interface Normalization {
  mean: readonly [number, number, number]
  deviation: readonly [number, number, number]
}

/** More than a scanned page has; a small file can unpack into far more. */
const MAX_PIXELS = 40_000_000

/** Decodes a PNG, JPEG, WebP, … upright and on white. Fails where the bytes are no image. */
export async function decodePage(bytes: Uint8Array): Promise<PageImage> {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS }).rotate().flatten({ background: 'white' })
  const { data, info } = await toRawPixels(image)
  return { width: info.width, height: info.height, pixels: data }
}

/** Cuts a box out of a page, scales it, and gives it as a model takes it. The models were trained on blue, green, red. */
export async function toPlanes(
  page: PageImage,
  box: Box,
  target: { width: number; height: number } & Normalization,
): Promise<Planes> {
  const raw = { width: page.width, height: page.height, channels: 3 as const }
  const scaled = sharp(page.pixels, { raw }).extract(box).resize(target.width, target.height, { fit: 'fill' })
  const { data } = await toRawPixels(scaled)
  return { width: target.width, height: target.height, values: normalize(data, target) }
}

function toRawPixels(image: Sharp): Promise<{ data: Buffer; info: { width: number; height: number } }> {
  return image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
}

function normalize(pixels: Buffer, { mean, deviation }: Normalization): Float32Array {
  const size = pixels.length / 3
  const values = new Float32Array(pixels.length)
  for (const [plane, offset] of [2, 1, 0].entries()) {
    const shift = mean[plane] ?? 0
    const scale = deviation[plane] ?? 1
    for (let index = 0; index < size; index += 1) {
      values[plane * size + index] = ((pixels[index * 3 + offset] ?? 0) / 255 - shift) / scale
    }
  }
  return values
}
