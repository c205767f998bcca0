import { completeModelInfo, type ModelInfo } from './model-info.ts'

/**
 * Values that a predictor's constructor finds in place, so that `this.modelInfo` and `this.config` work from its first
 * line.
 */
export interface Construction {
  readonly config: unknown
  readonly modelInfo: ModelInfo
}

const SLOT: unique symbol = Symbol.for('incant.construction')
const UNMANAGED: Construction = { config: undefined, modelInfo: completeModelInfo() }

// Shared through globalThis: the class may come from another copy of the package than the runtime.
const slots = globalThis as { [SLOT]?: Construction | undefined }

/** Runs a constructor with its surroundings in place. Constructors are synchronous, so one slot is enough. */
export function construct<Instance>(construction: Construction, make: () => Instance): Instance {
  const outer = slots[SLOT]
  slots[SLOT] = construction
  try {
    return make()
  } finally {
    slots[SLOT] = outer
  }
}

/** The surroundings of the constructor that runs now; plain defaults where a person calls `new` themselves. */
export function currentConstruction(): Construction {
  return slots[SLOT] ?? UNMANAGED
}
