/**
 * A request to `/v1/moderations`. A predictor whose `predict` takes it, or a part of it, serves that route. A request with
 * several inputs is several calls of predict.
 *
 * @see https://platform.openai.com/docs/api-reference/moderations/create
 */
export interface ModerationRequest {
  /** The text. */
  input: string
  /** The name of the model, or of an alias of it. */
  model?: string | null
}

/** What a text was found to be. */
export interface ModerationResult {
  /** Absent: whether any category applies. */
  flagged?: boolean
  categories: { [category: string]: boolean }
  /** From 0 to 1. Absent: 1 where the category applies, else 0. */
  category_scores?: { [category: string]: number }
}
