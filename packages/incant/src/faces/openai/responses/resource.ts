import { isObject } from '../../../validation/json-types.ts'
import type { Usage } from '../generation/usage.ts'

type Body = Readonly<Record<string, unknown>>

/** The members that all states of a response share: its id and the parameters of the request. */
export function describeResponse(body: Body, { id, model, created }: ResponseIdentity): object {
  const { instructions, tools, tool_choice, temperature, top_p, parallel_tool_calls, text, reasoning } = body
  const { metadata, max_output_tokens, user } = body
  return {
    id,
    object: 'response',
    created_at: created,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: instructions ?? null,
    max_output_tokens: max_output_tokens ?? null,
    max_tool_calls: null,
    model,
    output: [],
    parallel_tool_calls: parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: isObject(reasoning) ? (reasoning['effort'] ?? null) : null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: temperature ?? 1,
    text: isObject(text) && isObject(text['format']) ? text : { format: { type: 'text' } },
    tool_choice: tool_choice ?? 'auto',
    tools: tools ?? [],
    top_logprobs: 0,
    top_p: top_p ?? 1,
    truncation: 'disabled',
    ...(typeof user === 'string' ? { user } : {}),
    metadata: metadata ?? {},
  }
}

/** The id of a response. */
export interface ResponseIdentity {
  readonly id: string
  readonly model: string
  /** In seconds since 1970. */
  readonly created: number
}

/** Why an answer is not whole, by the reason that a chat has for its end. */
const INCOMPLETE: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' }

/** The members of a response that is over. */
interface ResponseEnd {
  readonly status: 'completed' | 'incomplete'
  readonly completed_at: number | null
  readonly incomplete_details: object | null
  readonly usage: object
}

/** How a response ended, and what it took. */
export function endResponse(reason: string, usage: Usage, completed: number): ResponseEnd {
  const incomplete = INCOMPLETE[reason]
  return {
    status: incomplete === undefined ? 'completed' : 'incomplete',
    completed_at: incomplete === undefined ? completed : null,
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    usage: {
      input_tokens: usage.prompt,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: usage.completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.prompt + usage.completion,
    },
  }
}
