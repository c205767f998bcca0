import { StartupError, type StartupErrorOptions } from 'incant/internal/signature'
import { type Compilation, isClassDeclaration, sourceFileOf, type TypeSymbol } from '../compiler/compiler.ts'
import { importError } from '../compiler/diagnostics.ts'
import { locateHandle } from '../compiler/location.ts'
import { noPredictorIn, noPredictorNamed, severalPredictorsIn } from './choice-errors.ts'
import { locationOf, type PredictorClass } from './predictor-class.ts'

/** No class can be served, or none with the requested name. */
export function noPredictor(
  compilation: Compilation,
  predictors: readonly PredictorClass[],
  className: string | undefined,
): StartupError {
  const misspelt = predictors.length === 0 ? importError(compilation) : undefined
  if (misspelt !== undefined) return misspelt
  const { file } = compilation
  if (className === undefined || predictors.length === 0) return noPredictorIn(file, classNames(compilation))
  const names = predictors.map(one => one.className)
  return noPredictorNamed(file, className, names)
}

function classNames(compilation: Compilation): readonly string[] {
  return sourceFileOf(compilation)
    .statements.filter(isClassDeclaration)
    .map(node => node.name?.text ?? 'default')
}

/** Several classes, and nothing says which. */
export function severalPredictors({ file }: Compilation, found: readonly PredictorClass[]): StartupError {
  const predictors = found.map(one => ({ name: one.className, line: locationOf(one)?.line }))
  return severalPredictorsIn(file, predictors)
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

/** The problem of a class member, and the fix. */
interface MemberProblem {
  readonly found: string
  readonly instead: string
}

/** Makes the errors of one code: each names the class, at the member's declaration where there is one. */
export function memberError(
  code: StartupErrorOptions['code'],
): (predictor: PredictorClass, member: TypeSymbol | undefined, problem: MemberProblem) => StartupError {
  return ({ className }, member, { found, instead }) => {
    const location = member?.declarations[0] && locateHandle(member.declarations[0])
    const at = location === undefined ? {} : { location }
    return new StartupError({ code, found: `${className}: ${found}`, instead, ...at })
  }
}
