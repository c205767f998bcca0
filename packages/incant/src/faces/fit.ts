import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import type { PredictSignature } from '../signature/signature.ts'

/** The parts of a model that decide whether it fits a face. */
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
  /** Definitions that the schemas refer to, besides those of the model's signature. */
  readonly definitions?: Definitions
}

/** It does not, in the words of a start-up error. */
export interface FaceMisfit {
  readonly fits: false
  /** The reason: `predict takes a Request, which has no form in JSON`. */
  readonly reason: string
  /** The fix, as a sentence. */
  readonly instead: string
}

/** One route as data, for `incant inspect`, the OpenAPI document and the page. */
export interface FaceOperation {
  readonly method: FaceMethod
  /** As OpenAPI writes it: `/v1/models/{model}`. */
  readonly path: string
  /** A few words: `Create a chat completion`. */
  readonly summary: string
  /** The schema of the request. Absent: there is no body. */
  readonly body?: FaceContent
  /** The schema of the answer. */
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
export type FaceMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'
