import type { ChatMessage } from './chat-message.ts'

/** A function that the model may call. */
export interface ChatTool {
  type: 'function'
  function: {
    name: string
    description?: string | null
    /** A JSON Schema of the arguments. */
    parameters?: { [keyword: string]: unknown } | null
    strict?: boolean | null
  }
}

/** Which tool the model is to call. */
export type ChatToolChoice = 'none' | 'auto' | 'required' | { type: 'function'; function: { name: string } }

/** The form that an answer must have. */
export type ChatResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema'
      json_schema: {
        name: string
        description?: string | null
        /** A JSON Schema of the answer. */
        schema?: { [keyword: string]: unknown } | null
        strict?: boolean | null
      }
    }

/**
 * A request to `/v1/chat/completions`. A predictor whose `predict` takes it, or a part of it, serves that route.
 *
 * The type is the list of what the model can do: `Pick<ChatRequest, 'messages' | 'temperature'>` refuses a request with
 * `tools`. `stream`, `n` and `stop` are done by Incant, also where they are not named. `ChatRequest & { top_k?: number }`
 * adds a member.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export interface ChatRequest {
  messages: ChatMessage[]
  /** The name of the model, or of an alias of it. */
  model?: string | null
  /** How bold to be: 0 always takes the likeliest token. @minimum 0 @maximum 2 */
  temperature?: number | null
  /** The share of probability that tokens are taken from. @minimum 0 @maximum 1 */
  top_p?: number | null
  /** The most tokens to write; the older name. @integer @minimum 1 */
  max_tokens?: number | null
  /** The most tokens to write. @integer @minimum 1 */
  max_completion_tokens?: number | null
  /** Strings before which the answer ends. Incant sees to it; a predictor may stop earlier. */
  stop?: string | string[] | null
  /** How many answers. Incant calls predict as often. @integer @minimum 1 @maximum 128 */
  n?: number | null
  /** The same seed writes the same text. @integer */
  seed?: number | null
  /** @minimum -2 @maximum 2 */
  frequency_penalty?: number | null
  /** @minimum -2 @maximum 2 */
  presence_penalty?: number | null
  /** What is added to the logit of a token, by its number. */
  logit_bias?: { [token: string]: number } | null
  /** Whether the answer says how likely each token was. */
  logprobs?: boolean | null
  /** How many other tokens it names in each place. @integer @minimum 0 @maximum 20 */
  top_logprobs?: number | null
  tools?: ChatTool[] | null
  tool_choice?: ChatToolChoice | null
  parallel_tool_calls?: boolean | null
  response_format?: ChatResponseFormat | null
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null
  /** Whether the caller reads a stream. Incant sees to it. */
  stream?: boolean | null
  stream_options?: { include_usage?: boolean | null; include_obfuscation?: boolean | null } | null
  /** An identifier of the end user. */
  user?: string | null
  metadata?: { [key: string]: string } | null
  store?: boolean | null
}
