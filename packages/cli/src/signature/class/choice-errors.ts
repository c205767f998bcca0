import { StartupError } from 'incant/internal/signature'
import { displayPath } from '../../files/display-path.ts'

const EXAMPLE =
  'Write: export default class Predictor extends BasePredictor { predict(payload: { text: string }) { ... } }'

/**
 * No class of a file extends BasePredictor.
 *
 * @param classes - The names of its other classes.
 */
export function noPredictorIn(file: string, classes: readonly string[] = []): StartupError {
  const others = classes.length === 0 ? '' : `; the file has ${classes.join(', ')}`
  return new StartupError({
    code: 'no_predictor',
    found: `no class extends BasePredictor${others}`,
    instead: EXAMPLE,
    location: { file: displayPath(file) },
  })
}

/** No predictor of a file has the requested name; others do. */
export function noPredictorNamed(file: string, className: string, names: readonly string[]): StartupError {
  return new StartupError({
    code: 'no_predictor',
    found: `no class named ${className} extends BasePredictor`,
    instead: `The file has: ${names.join(', ')}.`,
    location: { file: displayPath(file) },
  })
}

/** A predictor of a file, and its line where that is known. */
export interface FoundPredictor {
  readonly name: string
  readonly line?: number | undefined
}

/** Several predictors, and no choice among them. */
export function severalPredictorsIn(file: string, found: readonly FoundPredictor[]): StartupError {
  const list = found.map(({ name, line }) => (line === undefined ? name : `${name} (line ${line})`)).join(', ')
  return new StartupError({
    code: 'several_predictors',
    found: `${found.length} classes extend BasePredictor: ${list}`,
    instead: `Choose one: --class-name ${found[0]?.name}`,
    location: { file: displayPath(file) },
  })
}
