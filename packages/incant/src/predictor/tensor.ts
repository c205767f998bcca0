/**
 * The element types of tensors, as the Open Inference Protocol names them.
 *
 * @see https://github.com/kserve/open-inference-protocol
 */
export type TensorDatatype = keyof TensorElements

/** What carries the elements of a tensor, by its datatype. JavaScript has no array of `FP16` and `BF16`: they come as their bits. */
export interface TensorElements {
  BOOL: readonly boolean[]
  INT8: Int8Array
  INT16: Int16Array
  INT32: Int32Array
  INT64: BigInt64Array
  UINT8: Uint8Array
  UINT16: Uint16Array
  UINT32: Uint32Array
  UINT64: BigUint64Array
  FP16: Uint16Array
  BF16: Uint16Array
  FP32: Float32Array
  FP64: Float64Array
  BYTES: readonly string[]
}

/**
 * A tensor: its datatype, its shape, and its elements in row-major order.
 *
 * @typeParam Shape - -1 is a dimension of any size; `number[]` allows every shape.
 * @example predict({ image }: { image: Tensor<'FP32', [-1, 3, 224, 224]> }): { scores: Tensor<'FP32', [-1, 1000]> }
 */
export interface Tensor<Datatype extends TensorDatatype, Shape extends readonly number[]> {
  readonly datatype: Datatype
  readonly shape: { readonly [axis in keyof Shape]: Shape[axis] extends -1 ? number : Shape[axis] }
  readonly data: TensorElements[Datatype]
}
