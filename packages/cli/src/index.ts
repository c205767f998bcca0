export {
  type ReadSignaturesOptions,
  readSignatures,
  type SignatureReading,
  type SignatureWarning,
} from './signature/read-signatures.ts'
