import { BasePredictor, type Tensor } from 'incant'

type Row = Tensor<'INT32', [-1, 16]>

/** Triton's example: sums and differences. */
export default class Simple extends BasePredictor {
  predict({ INPUT0, INPUT1 }: { INPUT0: Row; INPUT1: Row }): { OUTPUT0: Row; OUTPUT1: Row } {
    const [one, other] = [INPUT0.data, INPUT1.data]
    return {
      OUTPUT0: { ...INPUT0, data: one.map((value, at) => value + (other[at] ?? 0)) },
      OUTPUT1: { ...INPUT0, data: one.map((value, at) => value - (other[at] ?? 0)) },
    }
  }
}
