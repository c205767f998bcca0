import { StartupError } from 'incant'
import { type Compilation, isClassDeclaration } from './compiler.ts'
import { locationOf, type PredictorClass, sourceFileOf } from './predictor-class.ts'
import { displayPath } from './problem.ts'

const EXAMPLE =
  'Write: export default class Predictor extends BasePredictor { predict(payload: { text: string }) { ... } }'

/** No class can be served, or none of the name that was asked for. */
export function noPredictor(
  compilation: Compilation,
  found: readonly PredictorClass[],
  className: string | undefined,
): StartupError {
  const location = { file: displayPath(compilation.file) }
  if (className !== undefined && found.length > 0) {
    const names = found.map(one => one.className).join(', ')
    return new StartupError({
      code: 'no_predictor',
      found: `No class named ${className} extends BasePredictor`,
      instead: `The file has: ${names}.`,
      location,
    })
  }
  const classes = sourceFileOf(compilation).statements.filter(isClassDeclaration)
  const others = classes.map(node => node.name?.text ?? 'default').join(', ')
  const found_ =
    others === '' ? 'No class extends BasePredictor' : `No class extends BasePredictor; the file has ${others}`
  return new StartupError({ code: 'no_predictor', found: found_, instead: EXAMPLE, location })
}

/** Several classes, and nothing says which. */
export function severalPredictors({ file }: Compilation, found: readonly PredictorClass[]): StartupError {
  const list = found.map(one => `${one.className} (line ${locationOf(one)?.line ?? '?'})`).join(', ')
  return new StartupError({
    code: 'several_predictors',
    found: `${found.length} classes extend BasePredictor: ${list}`,
    instead: `Say which: --classname ${found[0]?.className}`,
    location: { file: displayPath(file) },
  })
}

/** Every candidate is abstract. */
export function abstractPredictor([first]: readonly PredictorClass[]): StartupError {
  return classError(first, {
    code: 'abstract_predictor',
    found: `${first?.className} is abstract`,
    instead: 'Remove abstract, or export a class that extends it.',
  })
}

/** No candidate is exported. */
export function notExported([first]: readonly PredictorClass[]): StartupError {
  return classError(first, {
    code: 'not_exported',
    found: `${first?.className} is not exported`,
    instead: `Write: export default class ${first?.className} extends BasePredictor`,
  })
}

function classError(
  predictor: PredictorClass | undefined,
  problem: {
    readonly code: 'abstract_predictor' | 'not_exported' | 'no_predict'
    readonly found: string
    readonly instead: string
  },
): StartupError {
  const location = predictor && locationOf(predictor)
  return new StartupError({ ...problem, ...(location === undefined ? {} : { location }) })
}
