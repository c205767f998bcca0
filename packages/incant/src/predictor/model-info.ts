/** Which model a predictor serves: `incant serve NAME:VERSION --model-path PATH`. */
export interface ModelInfo {
  /** Default `predictor`. */
  readonly name: string
  /** Default `v0`. */
  readonly version: string
  /** The folder of the model's files: `--model-path`, else the folder of the predictor file, else `.`. */
  readonly path: string
}
