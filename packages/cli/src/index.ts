export { type LoadedPredictor, type LoadPredictorOptions, loadPredictor } from './load/load-predictor.ts'
export type { SignatureWarning } from './signature/compiler/warning.ts'
export { readSignatures } from './signature/read-and-check.ts'
export type { ReadSignaturesOptions, SignatureReading } from './signature/read-signatures.ts'
