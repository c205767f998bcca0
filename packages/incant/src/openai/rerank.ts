/**
 * A request to `/v1/rerank`, as Jina and Cohere have it. A predictor whose `predict` takes it, or a part of it, serves that
 * route. Documents arrive as texts; sorting and `top_n` are done by Incant.
 */
export interface RerankRequest {
  query: string
  documents: string[]
  /** The name of the model, or of an alias of it. */
  model?: string | null
  /** How many results. Incant sees to it. @integer @minimum 1 */
  top_n?: number | null
  /** Whether results have their documents. Incant sees to it. */
  return_documents?: boolean | null
}

/** How well a document answers the query. A predictor may also give back a number for each document, in their order. */
export interface RerankResult {
  /** The place of the document in the request. */
  index: number
  relevance_score: number
}
