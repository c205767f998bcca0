import type { PredictorClass, PredictSignature, StartupError } from 'incant'
import { isPredictorClass } from 'incant/internal'
import { noPredictorIn, noPredictorNamed, severalPredictorsIn } from '../signature/class/choice-errors.ts'

/** The exports of a module, by name. */
export type ModuleExports = ReadonlyMap<string, unknown>

/** Which class of a file to serve: what the signature says, else what the user says, else the only one. */
export interface Choice {
  readonly file: string
  readonly signature: PredictSignature | undefined
  readonly className: string | undefined
}

/**
 * The class to serve among a module's exports.
 *
 * @throws {StartupError} `no_predictor`, `several_predictors`.
 */
export function choosePredictor(exports: ModuleExports, choice: Choice): PredictorClass {
  const named = exports.get(choice.signature?.exportName ?? '')
  if (isPredictorClass(named)) return named
  const classes = predictorsOf(exports)
  const wanted = choice.signature?.className ?? choice.className
  const matching = wanted === undefined ? classes : classes.filter(candidate => candidate.name === wanted)
  const [only, ...others] = matching
  if (only !== undefined && others.length === 0) return only
  throw refuse(choice, classes, wanted)
}

/** Whether a module exports a class to serve, or the one of this name. */
export function hasPredictor(exports: ModuleExports, className: string | undefined): boolean {
  return predictorsOf(exports).some(({ name }) => className === undefined || name === className)
}

function predictorsOf(exports: ModuleExports): PredictorClass[] {
  return [...new Set(exports.values())].filter(isPredictorClass)
}

function refuse({ file }: Choice, classes: readonly PredictorClass[], wanted: string | undefined): StartupError {
  const names = classes.map(({ name }) => name)
  if (classes.length === 0) return noPredictorIn(file)
  if (wanted !== undefined && !names.includes(wanted)) return noPredictorNamed(file, wanted, names)
  return severalPredictorsIn(file, classes)
}
