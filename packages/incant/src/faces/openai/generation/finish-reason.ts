import type { FinishReason } from '../../../openai/chat-reply.ts'

/** The state at the end of an answer. */
export interface Ending {
  /** The reason that predict gave. Undefined if a stop string ended the answer. */
  readonly given: unknown
  /** How many calls of tools there are. */
  readonly calls: number
}

/**
 * Why an answer ended: the one place that decides it, for streams and whole answers alike. There are `tool_calls` if and only
 * if there are any, but for an answer that was cut short.
 */
export function finishReason({ given, calls }: Ending): FinishReason {
  if (given === 'length' || given === 'content_filter') return given
  return calls > 0 ? 'tool_calls' : 'stop'
}
