import { BasePredictor, type Tensor, type TensorDatatype } from 'incant'

type Every = { readonly [Datatype in Exclude<TensorDatatype, 'BYTES'>]?: Tensor<Datatype, [-1, -1]> } & {
  readonly BYTES?: Tensor<'BYTES', [-1, -1]>
}

/** Gives back the tensors that it got. */
export default class Types extends BasePredictor {
  predict(given: Every): Every {
    return given
  }
}
