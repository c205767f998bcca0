import type { TokenUsage } from './chat-reply.ts'

/**
 * A request to `/v1/completions`. A predictor whose `predict` takes it, or a part of it, serves that route. A request with
 * several prompts is several calls of predict. `stream`, `n`, `stop` and `echo` are done by Incant.
 *
 * @see https://platform.openai.com/docs/api-reference/completions/create
 */
export interface CompletionRequest {
  /** What the text begins with. */
  prompt: string
  /** The name of the model, or of an alias of it. */
  model?: string | null
  /** What comes after the text. */
  suffix?: string | null
  /** The most tokens to write. @integer @minimum 0 */
  max_tokens?: number | null
  /** How bold to be: 0 always takes the likeliest token. @minimum 0 @maximum 2 */
  temperature?: number | null
  /** The share of probability that tokens are taken from. @minimum 0 @maximum 1 */
  top_p?: number | null
  /** Strings before which the text ends. Incant sees to it; a predictor may stop earlier. */
  stop?: string | string[] | null
  /** How many texts for each prompt. Incant calls predict as often. @integer @minimum 1 @maximum 128 */
  n?: number | null
  /** How many texts to choose from. @integer @minimum 1 @maximum 20 */
  best_of?: number | null
  /** Whether the text begins with the prompt. Incant sees to it. */
  echo?: boolean | null
  /** How many likely tokens are named in each place. @integer @minimum 0 @maximum 5 */
  logprobs?: number | null
  /** The same seed writes the same text. @integer */
  seed?: number | null
  /** @minimum -2 @maximum 2 */
  frequency_penalty?: number | null
  /** @minimum -2 @maximum 2 */
  presence_penalty?: number | null
  /** What is added to the logit of a token, by its number. */
  logit_bias?: { [token: string]: number } | null
  /** Whether the caller reads a stream. Incant sees to it. */
  stream?: boolean | null
  stream_options?: { include_usage?: boolean | null; include_obfuscation?: boolean | null } | null
  /** An identifier of the end user. */
  user?: string | null
}

/** The probabilities of the tokens of a text. */
export interface CompletionLogprobs {
  text_offset?: number[]
  token_logprobs?: number[]
  tokens?: string[]
  top_logprobs?: { [token: string]: number }[]
}

/** A piece of a text, as a generator yields it. A string is its text alone. */
export interface CompletionDelta {
  text?: string | null
  logprobs?: CompletionLogprobs | null
  /** The tokens so far. The last one counts, also where a stop string ends the text early. */
  usage?: TokenUsage | null
}

/** How a text ended, as a generator returns it. Without it: `stop`; each piece counts as a token. */
export interface CompletionEnd {
  finish_reason?: 'stop' | 'length' | 'content_filter' | null
  usage?: TokenUsage | null
}
