import { StartupError } from '../errors/startup-error.ts'
import { isPredictorClass } from '../predictor/base-predictor.ts'

/**
 * Refuses what is passed in place of a predictor's class, and says what it is.
 *
 * @throws {StartupError} `no_predictor`.
 */
export function requirePredictor(given: unknown): void {
  if (isPredictorClass(given)) return
  const exported = findExport(given)
  if (exported !== undefined) throw moduleGiven(exported)
  throw new StartupError({
    code: 'no_predictor',
    found: `${describe(given)} does not extend BasePredictor`,
    instead: "Pass a class: class Predictor extends BasePredictor { … }, with BasePredictor from 'incant'.",
  })
}

interface Exported {
  readonly name: string
  readonly className: string
}

/** The predictor that a module exports; Node wraps the exports of a CommonJS module into another `default`. */
function findExport(given: unknown): Exported | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  for (const [name, value] of Object.entries(given)) {
    if (isPredictorClass(value)) return { name, className: value.name }
    const inner: unknown = name === 'default' ? Reflect.get(Object(value), 'default') : undefined
    if (isPredictorClass(inner)) return { name: 'default.default', className: inner.name }
  }
  return undefined
}

function moduleGiven({ name, className }: Exported): StartupError {
  const what = name.startsWith('default') ? `whose default export is the class ${className}` : `which exports ${name}`
  return new StartupError({
    code: 'no_predictor',
    found: `a module was passed, ${what}`,
    instead: `Pass the class: .${name} of what was passed. A file that is imported as CommonJS, as a .mts file imports a .ts one in a package without "type": "module", arrives in such a wrapper.`,
  })
}

function describe(given: unknown): string {
  if (typeof given === 'function') return `the class ${given.name}`
  if (typeof given === 'object' && given !== null) return `an object of the class ${given.constructor?.name ?? 'null'}`
  return given === undefined || given === null ? String(given) : `a ${typeof given}`
}
