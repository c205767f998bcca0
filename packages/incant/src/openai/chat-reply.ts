/** Why a model stopped writing. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** How many tokens a call took. The total is computed. */
export interface TokenUsage {
  prompt_tokens: number
  completion_tokens: number
}

/** How likely a token was, and which others were. */
export interface TokenLogprob {
  token: string
  /** The natural logarithm of its probability. */
  logprob: number
  bytes: number[] | null
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[]
}

/** The probabilities of the tokens of a piece. */
export interface ChatLogprobs {
  content: TokenLogprob[] | null
  refusal?: TokenLogprob[] | null
}

/**
 * A call of a function that the model asks for, or the next piece of one. The first piece has the name; those that follow
 * have more of the arguments. Ids that are missing are made, and indexes are counted.
 */
export interface ChatToolCall {
  /** Which call of the answer a piece belongs to. Without it: the one with the same id, else the last. */
  index?: number
  id?: string
  type?: 'function'
  function: {
    name?: string
    /** JSON text, or a piece of it. */
    arguments?: string
  }
}

/** A piece of an answer, as a generator yields it. A string is its content alone. */
export interface ChatDelta {
  content?: string | null
  /** The reasoning before the answer, as several servers name it. Stop strings do not apply to it. */
  reasoning_content?: string | null
  refusal?: string | null
  tool_calls?: ChatToolCall[] | null
  logprobs?: ChatLogprobs | null
  /** The tokens so far. The last one counts, also where a stop string ends the answer early. */
  usage?: TokenUsage | null
}

/**
 * How an answer ended, as a generator returns it. Without it: `stop`, or `tool_calls` where there are any; each piece
 * counts as a token.
 */
export interface ChatEnd {
  finish_reason?: FinishReason | null
  usage?: TokenUsage | null
}

/** A whole answer, as a method gives it back that is no generator. */
export interface ChatReply extends ChatDelta, ChatEnd {
  role?: 'assistant'
}
