import { BasePredictor, type Tensor } from 'incant'

/** The mean of an image's numbers. */
export default class Mean extends BasePredictor {
  predict({ image }: { image: Tensor<'FP32', [-1, 3, 224, 224]> }): { mean: Float64Array } {
    return { mean: Float64Array.of(meanOf(image.data)) }
  }
}

/** The same of the bytes of a body, as `/predict` takes them. */
export class MeanOfBytes extends BasePredictor {
  predict(body: Uint8Array): { mean: Float64Array } {
    return { mean: Float64Array.of(meanOf(new Float32Array(body.slice().buffer))) }
  }
}

function meanOf(numbers: Float32Array): number {
  let sum = 0
  for (const number of numbers) sum += number
  return sum / numbers.length
}
