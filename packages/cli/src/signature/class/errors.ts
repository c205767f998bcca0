import { StartupError, type StartupErrorOptions } from 'incant/internal/signature'
import { displayPath } from '../../files/display-path.ts'
import { type Compilation, isClassDeclaration, sourceFileOf } from '../compiler/compiler.ts'
import { importError } from '../compiler/diagnostics.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'

const EXAMPLE =
  'Write: export default class Predictor extends BasePredictor { predict(payload: { text: string }) { ... } }'

/** No class can be served, or none with the requested name. */
export function noPredictor(
  compilation: Compilation,
  predictors: readonly PredictorClass[],
  className: string | undefined,
): StartupError {
  const misspelt = predictors.length === 0 ? importError(compilation) : undefined
  if (misspelt !== undefined) return misspelt
  const isMisnamed = className !== undefined && predictors.length > 0
  const names = isMisnamed ? predictors.map(one => one.className) : classNames(compilation)
  return new StartupError({
    code: 'no_predictor',
    found: isMisnamed ? `no class named ${className} extends BasePredictor` : noneExtends(names),
    instead: isMisnamed ? `The file has: ${names.join(', ')}.` : EXAMPLE,
    location: { file: displayPath(compilation.file) },
  })
}

function noneExtends(names: readonly string[]): string {
  const others = names.length === 0 ? '' : `; the file has ${names.join(', ')}`
  return `no class extends BasePredictor${others}`
}

function classNames(compilation: Compilation): readonly string[] {
  return sourceFileOf(compilation)
    .statements.filter(isClassDeclaration)
    .map(node => node.name?.text ?? 'default')
}

/** Several classes, and nothing says which. */
export function severalPredictors({ file }: Compilation, found: readonly PredictorClass[]): StartupError {
  const list = found.map(one => `${one.className} (line ${locationOf(one)?.line ?? '?'})`).join(', ')
  return new StartupError({
    code: 'several_predictors',
    found: `${found.length} classes extend BasePredictor: ${list}`,
    instead: `Choose one: --classname ${found[0]?.className}`,
    location: { file: displayPath(file) },
  })
}

/** Every candidate is abstract. */
export function abstractPredictor([first]: readonly PredictorClass[]): StartupError {
  return classError(first, {
    code: 'abstract_predictor',
    found: `${first?.className} is abstract`,
    instead: 'Remove `abstract`, or export a class that extends it.',
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
  problem: Pick<StartupErrorOptions, 'code' | 'found' | 'instead'>,
): StartupError {
  const location = predictor && locationOf(predictor)
  return new StartupError({ ...problem, ...(location === undefined ? {} : { location }) })
}
