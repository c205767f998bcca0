import { withCompilation } from './compiler/compiler.ts'
import { type ReadSignaturesOptions, readUnchecked, type SignatureReading } from './read-signatures.ts'
import { checkDefaults } from './types/check-defaults.ts'

/**
 * Reads the signatures of a predictor file with the TypeScript checker. Nothing in the file is run.
 *
 * @throws StartupError where the file cannot be served as it is written: the first problem, with its place and what to
 * write instead.
 *
 * @example
 * const { signatures: [signature], warnings } = readSignatures({ file: 'predictor.ts' })
 */
export function readSignatures(options: ReadSignaturesOptions): SignatureReading {
  return readSignaturesWith(withCompilation, options)
}

/** The same, the file opened by another: one that keeps its compiler for the next. */
export function readSignaturesWith(open: typeof withCompilation, options: ReadSignaturesOptions): SignatureReading {
  const { reading, defaults } = readUnchecked(open, options)
  checkDefaults(defaults)
  return reading
}
