/** Pixels that hang together, and how probable they are on average. */
export interface Region {
  left: number
  top: number
  right: number
  bottom: number
  score: number
}

/** From here on a pixel counts as text. */
const THRESHOLD = 0.3

/** What is smaller is a speck. */
const LEAST_SIDE = 3

/** The connected regions of probable pixels in a map, in the order of their first pixel. */
export function findRegions(probabilities: Float32Array, width: number): Region[] {
  const seen = new Uint8Array(probabilities.length)
  const regions: Region[] = []
  for (let start = 0; start < probabilities.length; start += 1) {
    if (seen[start] === 1 || !isText(probabilities, start)) continue
    const region = measure(flood(probabilities, width, start, seen), probabilities, width)
    if (region.right - region.left >= LEAST_SIDE && region.bottom - region.top >= LEAST_SIDE) regions.push(region)
  }
  return regions
}

/** All pixels that can be reached from one, across sides. Marks them as seen. */
function flood(probabilities: Float32Array, width: number, start: number, seen: Uint8Array): number[] {
  const found = [start]
  seen[start] = 1
  for (const pixel of found) {
    for (const next of neighbours(pixel, width, probabilities.length)) {
      if (seen[next] === 1 || !isText(probabilities, next)) continue
      seen[next] = 1
      found.push(next) // the loop above goes on to it
    }
  }
  return found
}

function neighbours(pixel: number, width: number, length: number): number[] {
  const column = pixel % width
  const next: number[] = []
  if (column > 0) next.push(pixel - 1)
  if (column < width - 1) next.push(pixel + 1)
  if (pixel >= width) next.push(pixel - width)
  if (pixel + width < length) next.push(pixel + width)
  return next
}

function measure(pixels: number[], probabilities: Float32Array, width: number): Region {
  const region = { left: width, top: Number.POSITIVE_INFINITY, right: 0, bottom: 0, score: 0 }
  for (const pixel of pixels) {
    const column = pixel % width
    const row = Math.floor(pixel / width)
    region.left = Math.min(region.left, column)
    region.right = Math.max(region.right, column)
    region.top = Math.min(region.top, row)
    region.bottom = Math.max(region.bottom, row)
    region.score += (probabilities[pixel] ?? 0) / pixels.length
  }
  return region
}

function isText(probabilities: Float32Array, pixel: number): boolean {
  return (probabilities[pixel] ?? 0) > THRESHOLD
}
