import { fileURLToPath } from 'node:url'
import { parseSize, type Size } from '../units/quantities.ts'
import { findRuntime } from './find-runtime.ts'
import { type LoadedModel, RunModel } from './loaded-model.ts'
import { refuseFile } from './refuse-file.ts'
import type { ModelDescription, ModelOptions, ModelRuntime, NamedTensors } from './runtime.ts'

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  /** `onnx`, or the package of another format. Default: by the ending of the file. */
  readonly runtime?: string | undefined
  /**
   * Bytes that the file may have, with the files that it refers to.
   *
   * @default '2GiB'
   */
  readonly maxSize?: Size | undefined
  /**
   * Threads that one process may use for one run: processes share the processors.
   *
   * @default 1
   */
  readonly threads?: number | undefined
}

/** A model file and what runs it. */
export interface FoundModel {
  readonly runtime: ModelRuntime
  readonly description: ModelDescription
  readonly options: ModelOptions
}

/**
 * Reads what a model file declares. Nothing of it is run.
 *
 * @throws {StartupError} `invalid_model_file`, `runtime_missing`.
 */
export async function findModel(path: string, given: OpenModelOptions): Promise<FoundModel> {
  const runtime = await findRuntime(path, given.runtime)
  const options = readOptions(given)
  const description = await runtime.describe(path, options)
  refuseTwins(path, description)
  return { runtime, description, options }
}

/** The largest message of Protocol Buffers. */
const MAXIMUM = 2 * 1024 ** 3

function readOptions({ maxSize = MAXIMUM, threads = 1 }: OpenModelOptions): ModelOptions {
  const size = typeof maxSize === 'string' ? parseSize(maxSize) : maxSize
  if (size === undefined || !(size > 0))
    throw new TypeError(`maxSize must be a size, such as '2GiB' or a number of bytes, not ${maxSize}`)
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new TypeError(`threads must be a whole number above 0, not ${threads}`)
  return { maxSize: size, threads }
}

function refuseTwins(path: string, { inputs, outputs }: ModelDescription): void {
  for (const tensors of [inputs, outputs]) {
    const names = tensors.map(({ name }) => name)
    const twin = names.find((name, index) => name === '' || names.indexOf(name) !== index)
    if (twin !== undefined)
      throw refuseFile(path, twin === '' ? 'has a tensor without a name' : `has two tensors ${twin}`)
  }
}

/**
 * Loads a model file, to be called from `setup()`: `incant inspect model.onnx --as predictor.ts` writes a class that does so.
 *
 * @param file - A path, or a URL: `new URL('./model.onnx', import.meta.url)`.
 * @throws {StartupError} `invalid_model_file`, `runtime_missing`.
 * @example
 * ```ts
 * const model = await openModel(new URL('./model.onnx', import.meta.url))
 * const { scores } = await model.run({ image: [[[0.5]]] })
 * ```
 */
export async function openModel<Inputs extends object = object, Outputs extends object = NamedTensors>(
  file: string | URL,
  options: OpenModelOptions = {},
): Promise<LoadedModel<Inputs, Outputs>> {
  const path = toFilePath(file)
  const { runtime, description, options: read } = await findModel(path, options)
  runtime.check?.(path)
  const running = await runtime.open(path, read)
  return new RunModel(description, running)
}

/** The path of a file that is given as a path or a URL. */
export function toFilePath(file: string | URL): string {
  return file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file
}
