import type { Definitions, JSONSchema } from '../schema/json-schema.ts'

/** The operations of a model on a protocol besides `/predict`. */
export interface DescribedProtocol {
  readonly protocol: string
  /** The name of the model in requests of the protocol. */
  readonly model: string
  readonly operations: readonly DescribedOperation[]
  /** Definitions that their schemas refer to, besides those of the model. */
  readonly definitions?: Definitions
}

/** One operation of a protocol. */
export interface DescribedOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly body?: DescribedContent
  readonly answer: DescribedContent
  /** The events of a stream, where a caller can ask for one. */
  readonly events?: JSONSchema
}

/** The content of a body. */
export interface DescribedContent {
  readonly contentType?: string
  readonly schema: JSONSchema
}
