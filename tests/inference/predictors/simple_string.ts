import { BasePredictor, type Tensor } from 'incant'

type Row = Tensor<'BYTES', [-1, 16]>

/** The same of numbers that are written as text. */
export default class SimpleString extends BasePredictor {
  predict({ INPUT0, INPUT1 }: { INPUT0: Row; INPUT1: Row }): { OUTPUT0: Row; OUTPUT1: Row } {
    const of = (combine: (left: number, right: number) => number): Row => ({
      ...INPUT0,
      data: INPUT0.data.map((left, index) => String(combine(Number(left), Number(INPUT1.data[index])))),
    })
    return { OUTPUT0: of((left, right) => left + right), OUTPUT1: of((left, right) => left - right) }
  }
}
