import type { JSONSchema } from '../../../schema/json-schema.ts'
import type { ApiRequest } from '../request/request-of.ts'

const TEXT_OR_NULL: JSONSchema = { type: ['string', 'null'] }
const OBJECT_OR_NULL: JSONSchema = { type: ['object', 'null'] }
const FLAG_OR_NULL: JSONSchema = { type: ['boolean', 'null'] }

const INPUT: JSONSchema = {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }],
  description: 'A text, or messages, function calls and their outputs.',
}

/** Members that every model takes. */
const ALWAYS: Readonly<Record<string, JSONSchema>> = {
  input: INPUT,
  model: TEXT_OR_NULL,
  instructions: TEXT_OR_NULL,
  stream: FLAG_OR_NULL,
  store: {},
  metadata: {},
  user: {},
}

/** Members by the member of a chat that a model must take for them. */
const BY_CHAT: readonly (readonly [chat: readonly string[], name: string, schema: JSONSchema])[] = [
  [['max_tokens', 'max_completion_tokens'], 'max_output_tokens', { type: ['integer', 'null'], minimum: 1 }],
  [['temperature'], 'temperature', { type: ['number', 'null'], minimum: 0, maximum: 2 }],
  [['top_p'], 'top_p', { type: ['number', 'null'], minimum: 0, maximum: 1 }],
  [['tools'], 'tools', { type: ['array', 'null'], items: { type: 'object' } }],
  [['tool_choice'], 'tool_choice', { anyOf: [TEXT_OR_NULL, { type: 'object' }] }],
  [['parallel_tool_calls'], 'parallel_tool_calls', FLAG_OR_NULL],
  [['response_format'], 'text', OBJECT_OR_NULL],
  [['reasoning_effort'], 'reasoning', OBJECT_OR_NULL],
]

/** What a caller may send to `/v1/responses`. */
export function responseSchema({ named }: ApiRequest): JSONSchema {
  const taken = BY_CHAT.filter(([chat]) => chat.some(name => named.has(name)))
  const properties = { ...ALWAYS, ...Object.fromEntries(taken.map(([, name, schema]) => [name, schema])) }
  return { type: 'object', properties, required: ['input'], additionalProperties: { type: 'null' } }
}
