import { exampleInputs } from './example-inputs.ts'
import { hasRows } from './join-rows.ts'
import { JointRuns } from './joint-runs.ts'
import { readInputs } from './read-inputs.ts'
import type { ModelDescription, ModelTensor, NamedTensors, RunningModel } from './runtime.ts'

/**
 * A model file that is loaded.
 *
 * @typeParam Inputs - What `run` takes: for each input a `Tensor`, or arrays in arrays.
 * @typeParam Outputs - What it gives: for each output a `Tensor`.
 */
export interface LoadedModel<Inputs extends object = object, Outputs extends object = NamedTensors> {
  /** The inputs, as the file declares them. */
  readonly inputs: readonly ModelTensor[]
  /** The outputs, as the file declares them. */
  readonly outputs: readonly ModelTensor[]
  /** Whether rows of several payloads are computed together; undefined before that is known. */
  readonly joinsRows: boolean | undefined

  /**
   * Computes the outputs of one payload. A payload that does not fit the inputs is refused with 422, as one that does not fit
   * its type is.
   */
  run(payload: Inputs): Promise<Outputs>

  /**
   * Computes the outputs of several payloads, together where the model allows it: as `predictBatch` does.
   *
   * @returns For each payload its outputs, or an error where it does not fit the inputs or the model failed on it.
   */
  runAll(payloads: readonly Inputs[]): Promise<(Outputs | Error)[]>

  /**
   * Runs the model on generated inputs, so that the first call has nothing left to initialize, and finds out whether rows can
   * be computed together. If the model takes none of the sizes tried, nothing changes.
   *
   * @returns Whether one of them ran.
   */
  warmUp(): Promise<boolean>

  /** Releases what the model has taken. */
  close(): Promise<void>
}

/** A model that a runtime runs. */
export class RunModel<Inputs extends object, Outputs extends object> implements LoadedModel<Inputs, Outputs> {
  readonly inputs: readonly ModelTensor[]
  readonly outputs: readonly ModelTensor[]
  readonly #running: RunningModel
  readonly #runs: JointRuns

  constructor(description: ModelDescription, running: RunningModel) {
    this.inputs = description.inputs
    this.outputs = description.outputs
    this.#running = running
    this.#runs = new JointRuns(running, hasRows(description))
  }

  get joinsRows(): boolean | undefined {
    return this.#runs.joins
  }

  async run(payload: Inputs): Promise<Outputs> {
    const [outcome] = await this.runAll([payload])
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('The model gave no result')
    return outcome
  }

  async runAll(payloads: readonly Inputs[]): Promise<(Outputs | Error)[]> {
    const read = payloads.map(payload => this.#read(payload))
    const outcomes = await this.#runs.run(read.flatMap(({ tensors }) => tensors ?? NONE))
    const rest = outcomes.values()
    return read.map(({ failure }) => {
      const outcome = failure === undefined ? rest.next().value : undefined
      // Outputs are what the file declares, as is what the model gives.
      return outcome?.results === undefined ? toError(failure ?? outcome?.failure) : (outcome.results as Outputs)
    })
  }

  #read(payload: Inputs): { readonly tensors?: NamedTensors; readonly failure?: unknown } {
    try {
      return { tensors: readInputs(this.inputs, payload) }
    } catch (failure) {
      return { failure }
    }
  }

  async warmUp(): Promise<boolean> {
    for (const size of SIZES) {
      const examples = [1, 2].flatMap(seed => exampleInputs(this.inputs, size, seed) ?? NONE)
      if (examples.length === 0) return false
      const outcomes = await this.#runs.run(examples)
      if (outcomes.every(({ results }) => results !== undefined)) return true
    }
    return false
  }

  async close(): Promise<void> {
    await this.#running.close?.()
  }
}

/** Of dimensions of any size: what most models take one of. */
const SIZES = [1, 32, 64, 224, 256, 512]

const NONE: readonly NamedTensors[] = []

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
