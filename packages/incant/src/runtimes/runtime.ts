import type { Tensor, TensorDatatype } from '../predictor/tensor.ts'

/** A tensor of any datatype and shape. */
export type AnyTensor = { readonly [datatype in TensorDatatype]: Tensor<datatype, readonly number[]> }[TensorDatatype]

/** Tensors by the names that the model file gives them. */
export type NamedTensors = Readonly<Record<string, AnyTensor>>

/** An input or an output, as a model file declares it. */
export interface ModelTensor {
  readonly name: string
  readonly datatype: TensorDatatype
  /** A text is the name of a dimension of any size, and may be empty. Absent: the file does not say the rank. */
  readonly shape?: readonly (number | string)[]
}

/** The declarations of a model file. */
export interface ModelDescription {
  readonly inputs: readonly ModelTensor[]
  readonly outputs: readonly ModelTensor[]
  /** The purpose of the model, as the file describes it. */
  readonly description?: string
}

/** How a model file is read and run. */
export interface ModelOptions {
  /** Bytes that the file may have, with the files that it refers to. */
  readonly maxSize: number
  /** Threads that one process may use for one run. */
  readonly threads: number
}

/** A model that is loaded. */
export interface RunningModel {
  /** Computes every output. The inputs have the datatypes and shapes of the description. */
  run(inputs: NamedTensors): NamedTensors | Promise<NamedTensors>
  /** Releases what the model has taken. */
  close?(): void | Promise<void>
}

/**
 * Runs model files of one format: `incant serve FILE --runtime PACKAGE` loads the package, whose default export is one.
 *
 * @example
 * ```ts
 * export default {
 *   name: 'tflite',
 *   extensions: ['.tflite'],
 *   describe: file => readTensors(file),
 *   open: async (file, { threads }) => ({ run: inputs => invoke(file, inputs, threads) }),
 * } satisfies ModelRuntime
 * ```
 */
export interface ModelRuntime {
  /** Its name in messages. */
  readonly name: string
  /** Endings of the files it runs, such as `.tflite`. */
  readonly extensions: readonly string[]
  /**
   * Reads what a file declares, without its weights where the format allows that: this runs in the process that answers
   * callers, and for `incant inspect`.
   *
   * @throws {StartupError} Why the file cannot be served.
   */
  describe(file: string, options: ModelOptions): ModelDescription | Promise<ModelDescription>
  /** Throws where something that `open` needs is not installed, before any process is started for it. */
  check?(file: string): void
  /** Loads the model, in the process that runs it. */
  open(file: string, options: ModelOptions): Promise<RunningModel>
}
