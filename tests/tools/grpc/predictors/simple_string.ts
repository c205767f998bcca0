import { BasePredictor, type Tensor } from 'incant'

type Row = Tensor<'BYTES', [-1, 16]>

/** Triton's example: sums and differences of numbers that are written as texts. */
export default class SimpleString extends BasePredictor {
  predict({ INPUT0, INPUT1 }: { INPUT0: Row; INPUT1: Row }): { OUTPUT0: Row; OUTPUT1: Row } {
    const pairs = INPUT0.data.map((text, at) => [Number(text), Number(INPUT1.data[at])] as const)
    return {
      OUTPUT0: { ...INPUT0, data: pairs.map(([one, other]) => String(one + other)) },
      OUTPUT1: { ...INPUT0, data: pairs.map(([one, other]) => String(one - other)) },
    }
  }
}
