import type { PredictSignature } from '../signature/signature.ts'
import type { PredictorServer, ReplaceOptions, RunningServer } from './predictor-server.ts'
import type { Servable } from './read-served.ts'

/** A model of a {@link ModelsServer}, as it is served now. */
export interface ModelStatus {
  readonly name: string
  /** Undefined where none was given. */
  readonly version: string | undefined
  readonly signature: PredictSignature
  readonly state: PredictorServer['state']
}

/** Several models that are served together: the result of {@link serveModels}. */
export interface ModelsServer extends RunningServer {
  /**
   * Settles when every model has been set up. The server listens before, and a model answers as soon as it is ready itself.
   *
   * @throws {StartupError} `setup_failed`, `setup_timeout`: of the first model that cannot be set up.
   */
  readonly ready: Promise<void>
  /** Every model, by the name that its routes have: `NAME`, or `NAME:VERSION`. */
  readonly models: ReadonlyMap<string, ModelStatus>
  /**
   * Serves another predictor, or the same one of new code, in place of a model; the others notice nothing.
   *
   * @param id - Its name, as {@link models} has it.
   * @throws {StartupError} `invalid_option` for a name that is not served; what kept the model from being ready: it then
   * goes on as it was.
   */
  replace(id: string, servable: Servable, options?: ReplaceOptions): Promise<void>
}
