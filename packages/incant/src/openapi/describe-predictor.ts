import type { PredictSignature } from '../signature/signature.ts'

/** Placeholder by the lead until the document is written; its owner replaces this file. */
export function describePredictor(description: { readonly signature: PredictSignature }): object {
  return { openapi: '3.1.0', info: { title: description.signature.className, version: '0' }, paths: {} }
}
