export { type LoadedPredictor, type LoadPredictorOptions, loadPredictor } from './load/load-predictor.ts'
export type { SignatureWarning } from './signature/compiler/warning.ts'
export { type ReadSignaturesOptions, readSignatures, type SignatureReading } from './signature/read-signatures.ts'
