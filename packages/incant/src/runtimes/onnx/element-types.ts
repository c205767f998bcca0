import type { TensorDatatype } from '../../predictor/tensor.ts'

/** An element type of ONNX that has a tensor here. */
interface ElementType {
  readonly datatype: TensorDatatype
  /** As onnxruntime-node names it. */
  readonly runtimeName: string
}

/**
 * `TensorProto.DataType` by number.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
const ELEMENT_TYPES: { readonly [number: number]: ElementType } = {
  1: { datatype: 'FP32', runtimeName: 'float32' },
  2: { datatype: 'UINT8', runtimeName: 'uint8' },
  3: { datatype: 'INT8', runtimeName: 'int8' },
  4: { datatype: 'UINT16', runtimeName: 'uint16' },
  5: { datatype: 'INT16', runtimeName: 'int16' },
  6: { datatype: 'INT32', runtimeName: 'int32' },
  7: { datatype: 'INT64', runtimeName: 'int64' },
  8: { datatype: 'BYTES', runtimeName: 'string' },
  9: { datatype: 'BOOL', runtimeName: 'bool' },
  10: { datatype: 'FP16', runtimeName: 'float16' },
  11: { datatype: 'FP64', runtimeName: 'float64' },
  12: { datatype: 'UINT32', runtimeName: 'uint32' },
  13: { datatype: 'UINT64', runtimeName: 'uint64' },
}

/** Those that onnxruntime-node has no array for, by the names of ONNX. */
const OTHERS: { readonly [number: number]: string } = {
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
}

/** The datatype of an element type; undefined of one that has none. */
export function findElementType(number: number): TensorDatatype | undefined {
  return ELEMENT_TYPES[number]?.datatype
}

/** The name of an element type that has no datatype. */
export function nameElementType(number: number): string {
  return OTHERS[number] ?? `the element type ${number}`
}

/** The name of a datatype in onnxruntime-node. */
export function toRuntimeName(datatype: TensorDatatype): string {
  return Object.values(ELEMENT_TYPES).find(type => type.datatype === datatype)?.runtimeName ?? datatype
}

/** The datatype of a tensor of onnxruntime-node. */
export function fromRuntimeName(name: string): TensorDatatype | undefined {
  return Object.values(ELEMENT_TYPES).find(type => type.runtimeName === name)?.datatype
}
