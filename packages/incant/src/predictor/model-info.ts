/** Which version of a model a predictor serves: `incant serve NAME:VERSION FILE`. */
export interface ModelInfo {
  /** Default `predictor`. */
  readonly name: string
  /** Default `v0`. */
  readonly version: string
  /** The folder of the model's files: that of the version, or `--model-path`, else the folder of the predictor file, else `.`. */
  readonly path: string
  /** What the files are, `sha256:…`; absent of a folder without a list of its files, `incant.model.json`. */
  readonly digest?: string | undefined
  /** Models that are named after this one on the command line, by name. {@link BasePredictor.models} has them all. */
  readonly others?: Readonly<Record<string, ModelInfo>> | undefined
}

/** The name of a model without a name. */
export const DEFAULT_NAME = 'predictor'

/** A model's information where only some of it was given. */
export function completeModelInfo(given: Partial<ModelInfo> = {}): ModelInfo {
  const { name = DEFAULT_NAME, version = 'v0', path = '.', digest, others } = given
  return {
    ...{ name, version, path },
    ...(digest === undefined ? {} : { digest }),
    ...(others === undefined ? {} : { others }),
  }
}

/** A version and what its files are, for people and logs: `words:v1@sha256:…`. */
export function identifyModel({ name, version, digest }: ModelInfo): string {
  return `${name}:${version}${digest === undefined ? '' : `@${digest}`}`
}
