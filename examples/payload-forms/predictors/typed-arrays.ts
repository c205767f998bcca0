import { BasePredictor } from 'incant'

interface Recording {
  /** A JSON array, whose numbers are checked for the range of 32 bits. @minItems 1 */
  samples: Float32Array
  /** A decimal integer in a string. */
  id: bigint
  /** Base64. */
  image: Uint8Array
  at: Date
}

/** Typed arrays, bytes, big integers and dates inside JSON: what goes in comes out the same way. */
export default class Predictor extends BasePredictor {
  predict({ samples, image, ...rest }: Recording): Recording {
    const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0)
    return { ...rest, samples: samples.map(sample => sample / (peak || 1)), image: image.slice().reverse() }
  }
}
