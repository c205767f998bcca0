import type { AppOptions } from '../app/app-options.ts'
import { StartupError } from '../errors/startup-error.ts'
import { silentLogger } from '../log/logger.ts'
import { isPredictorClass, type PredictorClass } from '../predictor/base-predictor.ts'
import { resolveSignature } from '../signature/resolve.ts'
import { type ClassTypes, readClassTypes } from '../source/read-class-types.ts'
import { loadPredictorFile } from '../source/types-reader.ts'

/**
 * Finds the class to test and notes its types on it, so that a test checks what a server checks.
 *
 * @throws {StartupError} `unknown_signature` where the types are unknown, unless `unchecked` says that this is meant.
 */
export async function chooseTested(
  given: PredictorClass | string | URL,
  options: Pick<AppOptions, 'signature' | 'unchecked' | 'logger'> & { readonly className: string | undefined },
): Promise<PredictorClass> {
  const { signature, unchecked = false, className, logger = silentLogger } = options
  if (typeof given === 'string' || given instanceof URL) {
    const { predictor, warnings } = await loadPredictorFile(given, className)
    for (const warning of warnings) logger.log('warn', warning)
    return predictor
  }
  // What is no predictor is the application's to refuse.
  if (signature !== undefined || unchecked || !isPredictorClass(given)) return given
  const types = await readClassTypes(given)
  if (types.signature === undefined) refuseUnchecked(given, types)
  return given
}

function refuseUnchecked(predictor: PredictorClass, { reason }: ClassTypes): void {
  if (!resolveSignature(predictor, undefined).unchecked) return
  throw new StartupError({
    code: 'unknown_signature',
    found: `the types of ${predictor.name}.predict are unknown, so a test would not check what a server checks: ${reason}`,
    instead:
      "Export the class from a TypeScript file, with @incant/cli installed; or name the file: testPredictor('./predictor.ts'); " +
      'or pass the signature that incant inspect --json prints; or say { unchecked: true }.',
  })
}
