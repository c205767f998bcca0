import { BasePredictor, type Tensor } from 'incant'

interface Every {
  BOOL?: Tensor<'BOOL', [-1, 2]>
  INT8?: Tensor<'INT8', [-1, 2]>
  INT16?: Tensor<'INT16', [-1, 2]>
  INT32?: Tensor<'INT32', [-1, 2]>
  INT64?: Tensor<'INT64', [-1, 2]>
  UINT8?: Tensor<'UINT8', [-1, 2]>
  UINT16?: Tensor<'UINT16', [-1, 2]>
  UINT32?: Tensor<'UINT32', [-1, 2]>
  UINT64?: Tensor<'UINT64', [-1, 2]>
  FP16?: Tensor<'FP16', [-1, 2]>
  BF16?: Tensor<'BF16', [-1, 2]>
  FP32?: Tensor<'FP32', [-1, 2]>
  FP64?: Tensor<'FP64', [-1, 2]>
  BYTES?: Tensor<'BYTES', [-1, 2]>
  floats?: Float32Array
  matrix?: number[][]
  rows?: Float32Array[]
  /** @integer */
  integers?: number[]
  flags?: boolean[]
  texts?: string[]
  /** @datatype FP16 */
  halves?: Float32Array
  /** @shape 2,-1 */
  shaped?: Int32Array
  bytes?: Uint8Array
  whole?: { name: string; scores: number[] }
}

/** Gives back what it gets, of every datatype. */
export default class Echo extends BasePredictor {
  predict(input: Every): Every {
    return input
  }
}
