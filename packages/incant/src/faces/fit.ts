import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import type { PredictSignature } from '../signature/signature.ts'

/** What a face looks at to see whether a model fits. */
export interface FaceSubject {
  readonly name: string
  readonly version: string | undefined
  /** With all decorators applied. */
  readonly signature: PredictSignature
}

/** Whether a model fits a protocol. */
export type FaceFit = FaceFits | FaceMisfit

/** It does, and this is what it answers. */
export interface FaceFits {
  readonly fits: true
  readonly operations: readonly FaceOperation[]
  /** What the schemas refer to, beside the definitions of the model's signature. */
  readonly definitions?: Definitions
}

/** It does not, in the words of a start-up error. */
export interface FaceMisfit {
  readonly fits: false
  /** What does not fit: `predict takes a Request, which has no form in JSON`. */
  readonly reason: string
  /** What to write instead, as a sentence. */
  readonly instead: string
}

/** One route as data, for `incant inspect`, the OpenAPI document and the page. */
export interface FaceOperation {
  readonly method: FaceMethod
  /** As OpenAPI writes it: `/v1/models/{model}`. */
  readonly path: string
  /** A few words: `Create a chat completion`. */
  readonly summary: string
  /** What a caller sends. Absent: nothing. */
  readonly body?: FaceContent
  /** What it gets. */
  readonly answer: FaceContent
  /** The events of a stream, where a caller can ask for one. */
  readonly events?: JSONSchema
}

/** The content of a body. */
export interface FaceContent {
  /** @default 'application/json' */
  readonly contentType?: string
  readonly schema: JSONSchema
}

/** The methods that faces have routes for. */
export type FaceMethod = 'GET' | 'POST' | 'DELETE'
