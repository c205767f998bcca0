import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { attachedSignature, attachSignature, describedBy } from '../signature/attached.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { locateClass } from './locate-class.ts'
import { findTypesReader } from './types-reader.ts'

/** The result of reading the types of a class. */
export interface ClassTypes {
  readonly signature: PredictSignature | undefined
  /** Why nothing was found, for a sentence: `@incant/cli, which reads types, is not installed`. */
  readonly reason?: string
}

/**
 * Reads the types of a class that was imported: from the file that its code is in, by `@incant/cli`. Read once for each
 * class.
 *
 * @throws {StartupError} Where the types cannot be served as they are written; as `incant serve`.
 */
export async function readClassTypes(predictor: PredictorClass): Promise<ClassTypes> {
  const attached = attachedSignature(predictor)
  if (attached !== undefined) return { signature: attached }
  let reason = `nothing says which file the class ${predictor.name} is in`
  for (const candidate of describedBy(predictor)) {
    const file = await locateClass(candidate)
    if (file === undefined) continue
    const found = await readFrom(file, candidate)
    if (typeof found !== 'string') {
      attachSignature(candidate, found)
      return { signature: found }
    }
    reason = found
  }
  return { signature: undefined, reason }
}

/** The signature of a class in a file, or why there is none. */
async function readFrom(file: string, candidate: object): Promise<PredictSignature | string> {
  const name = String(Reflect.get(candidate, 'name'))
  const reader = await findTypesReader(file)
  if (reader === undefined) return '@incant/cli, which reads types, is not installed'
  try {
    const { signatures } = reader.readSignatures(name === '' ? { file } : { file, className: name })
    const [signature] = signatures
    if (signature === undefined || isUntyped(file, signature))
      return `the class ${name} is in ${file}, which has no types`
    return signature
  } catch (thrown) {
    if (StartupError.is(thrown) && NOT_THERE.includes(thrown.code)) return `${file} exports no class ${name}`
    throw thrown
  }
}

/** Whether a file is JavaScript that says no types: compiled, most often, from a file that does. */
function isUntyped(file: string, { parameters }: PredictSignature): boolean {
  return /\.[cm]?js$/.test(file) && parameters.some(({ role, schema }) => role === 'payload' && schema === undefined)
}

/** What says that a class is written in a place that types are not read from: in a function, or not exported. */
const NOT_THERE: readonly string[] = ['no_predictor', 'not_exported', 'abstract_predictor', 'file_not_found']
