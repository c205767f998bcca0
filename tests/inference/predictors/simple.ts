import { BasePredictor, type Tensor } from 'incant'

type Row = Tensor<'INT32', [-1, 16]>

/** The model that Triton's examples call: the sum and the difference of two rows. */
export default class Simple extends BasePredictor {
  predict({ INPUT0, INPUT1 }: { INPUT0: Row; INPUT1: Row }): { OUTPUT0: Row; OUTPUT1: Row } {
    const of = (combine: (left: number, right: number) => number): Row => ({
      ...INPUT0,
      data: INPUT0.data.map((left, index) => combine(left, INPUT1.data[index] ?? 0)),
    })
    return { OUTPUT0: of((left, right) => left + right), OUTPUT1: of((left, right) => left - right) }
  }
}
