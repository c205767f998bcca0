import { BasePredictor, type Tensor } from 'incant'

interface Tensors {
  /** One number for each of three features. */
  rows: Tensor<'FP32', [-1, 3]>
  words: string[]
  isScaled: boolean
}

export default class Measures extends BasePredictor {
  predict({ rows, words, isScaled }: Tensors): { shape: number[]; sum: number; said: string } {
    return {
      shape: [...rows.shape],
      sum: rows.data.reduce((sum, value) => sum + value, 0),
      said: `${words} ${isScaled}`,
    }
  }
}
