import type { PredictorClass, PredictSignature } from 'incant'
import type { ModuleExports } from './choose-predictor.ts'

/** A predictor's class, and what its types say. */
export interface LoadedPredictor {
  readonly predictor: PredictorClass
  /** The name the class is exported under. */
  readonly exportName: string | undefined
  /** Absent where no types could be read: decorators then say what predict takes. */
  readonly signature: PredictSignature | undefined
  readonly warnings: readonly string[]
}

/** The name that a module exports the class under. */
export function nameOf(predictor: PredictorClass, exports: ModuleExports): string | undefined {
  return [...exports].find(([, value]) => value === predictor)?.[0]
}
