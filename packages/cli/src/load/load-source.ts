import { StartupError } from 'incant'
import { attachSignature } from 'incant/internal/signature'
import type { Stopwatch } from '../report/stopwatch.ts'
import { describeWarning } from '../report/warning.ts'
import type { SignatureReading } from '../signature/read-signatures.ts'
import { choosePredictor, hasPredictor, type ModuleExports } from './choose-predictor.ts'
import { type LoadedPredictor, nameOf } from './loaded-predictor.ts'
import { readTypes } from './read-types.ts'
import { watchLoading } from './watch-loading.ts'

/** How to load a file. */
export interface LoadOptions {
  readonly stopwatch: Stopwatch
  readonly className: string | undefined
  /** Whether the file was loaded before, and may have changed. */
  readonly afresh?: boolean
  /** Where to say that loading takes long. Default: standard error. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * Reads the types of a predictor and loads it, both at once. A mistake that the types show is reported before what loading
 * says of it: they know the place better.
 *
 * @throws {StartupError} If it cannot be read or loaded.
 */
export async function loadSource(
  file: string,
  { stopwatch, className, afresh = false, warn }: LoadOptions,
): Promise<LoadedPredictor> {
  const [reading, loading] = await Promise.allSettled([
    stopwatch.time('reading the types', () => readTypes({ file, className })),
    stopwatch.time('loading the file', () => watchLoading(file, () => load(file, afresh), { warn })),
  ])
  const { signatures, warnings } = chooseReading(reading, loading, className)
  const exports = settledValue(loading)
  const [signature] = signatures
  const predictor = choosePredictor(exports, { file, signature, className })
  if (signature !== undefined) attachSignature(predictor, signature)
  return { predictor, exportName: nameOf(predictor, exports), signature, warnings: warnings.map(describeWarning) }
}

/** TypeScript's loader is imported when it is needed: the thread that reads types is then under way. */
async function load(file: string, afresh: boolean): Promise<ModuleExports> {
  const { loadModule, loadModuleAfresh } = await import('./load-module.ts')
  return afresh ? loadModuleAfresh(file) : loadModule(file)
}

/**
 * Types that do not show a predictor where the loaded file has one are those of bundled code, which carries a copy of
 * `incant`: its decorators say what predict takes.
 */
function chooseReading(
  reading: PromiseSettledResult<SignatureReading>,
  loading: PromiseSettledResult<ModuleExports>,
  className: string | undefined,
): Pick<SignatureReading, 'signatures' | 'warnings'> {
  const isHidden =
    reading.status === 'rejected' && StartupError.is(reading.reason) && reading.reason.code === 'no_predictor'
  if (isHidden && loading.status === 'fulfilled' && hasPredictor(loading.value, className))
    return { signatures: [], warnings: [] }
  return settledValue(reading)
}

function settledValue<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason
  return result.value
}
