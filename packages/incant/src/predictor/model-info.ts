/** Which model a predictor serves: `incant serve NAME:VERSION --model-path PATH`. */
export interface ModelInfo {
  /** Default `predictor`. */
  readonly name: string
  /** Default `v0`. */
  readonly version: string
  /** The folder of the model's files: `--model-path`, else the folder of the predictor file, else `.`. */
  readonly path: string
}

/** The name of a model without a name. */
export const DEFAULT_NAME = 'predictor'

/** A model's information where only some of it was given. */
export function completeModelInfo(given: Partial<ModelInfo> = {}): ModelInfo {
  return { name: given.name ?? DEFAULT_NAME, version: given.version ?? 'v0', path: given.path ?? '.' }
}
