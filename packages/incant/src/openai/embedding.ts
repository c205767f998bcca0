/** No value has a member under it. */
export declare const EMBEDDING: unique symbol

/** Marks a type as that of an embedding. No value has the member: it is there for the reader of types. */
export interface EmbeddingMark {
  readonly [EMBEDDING]?: never
}

/**
 * What a text means, as numbers. `predict(text: string): Embedding`, or `predictBatch(texts: string[]): Embedding[]`, serves
 * `/v1/embeddings`: each text of a request is a call, so that texts of one request and of others form batches.
 */
export type Embedding = (Float32Array | readonly number[]) & EmbeddingMark

/**
 * A request to `/v1/embeddings`, for a predictor that needs more than the text. A request with several inputs is several
 * calls of predict.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 */
export interface EmbeddingRequest {
  /** The text. */
  input: string
  /** The name of the model, or of an alias of it. */
  model?: string | null
  /** How many numbers. @integer @minimum 1 */
  dimensions?: number | null
  /** How the numbers are written. Incant sees to it. */
  encoding_format?: 'float' | 'base64' | null
  /** An identifier of the end user. */
  user?: string | null
}

/** An embedding, and the tokens of its text. */
export interface EmbeddingResult {
  embedding: Float32Array | readonly number[]
  usage?: { prompt_tokens: number } | null
}
