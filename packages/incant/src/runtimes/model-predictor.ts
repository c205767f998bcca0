import { BasePredictor, type PredictorClass } from '../predictor/base-predictor.ts'
import { BatchPredictor, batch } from '../predictor/batch-predictor.ts'
import { attachSignature } from '../signature/attached.ts'
import { hasRows } from './join-rows.ts'
import type { LoadedModel } from './loaded-model.ts'
import { describeModel } from './model-signature.ts'
import { findModel, type OpenModelOptions, openModel, toFilePath } from './open-model.ts'

/** Options of {@link modelPredictor}. */
export interface ModelPredictorOptions extends OpenModelOptions {
  /** Whether the runtime need not be installed, since nothing is to be run. @default false */
  readonly describeOnly?: boolean | undefined
}

/**
 * A predictor class for a model file: its signature is what the file declares. For `serve` and `createApp`; the command
 * `incant serve model.onnx` does the same.
 *
 * @throws {StartupError} `invalid_model_file`, `runtime_missing`.
 * @example
 * ```ts
 * const server = await serve(await modelPredictor('model.onnx'))
 * ```
 */
export async function modelPredictor(
  file: string | URL,
  { describeOnly = false, ...options }: ModelPredictorOptions = {},
): Promise<PredictorClass> {
  const path = toFilePath(file)
  const { runtime, description } = await findModel(path, options)
  if (!describeOnly) runtime.check?.(path)
  const open = (): Promise<LoadedModel> => openModel(path, options)
  const predictor = hasRows(description) ? makeBatchClass(open) : makeClass(open)
  const signature = describeModel(path, description)
  Object.defineProperty(predictor, 'name', { value: signature.className })
  attachSignature(predictor, signature)
  return predictor
}

type Open = () => Promise<LoadedModel>

function makeClass(open: Open): PredictorClass {
  return class extends BasePredictor {
    #model: LoadedModel | undefined

    override async setup(): Promise<void> {
      this.#model = await open()
      await this.#model.warmUp()
    }

    predict(inputs: object): Promise<object> {
      return loaded(this.#model).run(inputs)
    }

    override async close(): Promise<void> {
      await this.#model?.close()
    }
  }
}

function makeBatchClass(open: Open): PredictorClass {
  class RowsPredictor extends BatchPredictor {
    #model: LoadedModel | undefined

    override async setup(): Promise<void> {
      this.#model = await open()
      await this.#model.warmUp()
      if (this.#model.joinsRows === false)
        console.warn(
          'Rows that are computed together come out otherwise than alone: calls are computed one after the other.',
        )
    }

    predictBatch(payloads: object[]): Promise<(object | Error)[]> {
      return loaded(this.#model).runAll(payloads)
    }

    override async close(): Promise<void> {
      await this.#model?.close()
    }
  }
  batch({ size: rowsOf, singleRow: false })(RowsPredictor)
  return RowsPredictor
}

/** The engine calls setup before anything else. */
function loaded(model: LoadedModel | undefined): LoadedModel {
  if (model === undefined) throw new Error('setup has not been called')
  return model
}

/**
 * The rows of a payload: the size of its first tensor's first dimension. For the option `size` of `@batch`.
 *
 * @example
 * ```ts
 * @batch({ size: rowsOf, singleRow: false })
 * export default class Predictor extends BatchPredictor {}
 * ```
 */
export function rowsOf(payload: object): number {
  const [first]: readonly unknown[] = Object.values(payload)
  const shape: unknown = typeof first === 'object' && first !== null && 'shape' in first ? first.shape : undefined
  const list: unknown = Array.isArray(shape) ? { length: shape[0] } : first
  const rows: unknown = typeof list === 'object' && list !== null && 'length' in list ? list.length : 1
  return Math.max(1, Number(rows))
}
