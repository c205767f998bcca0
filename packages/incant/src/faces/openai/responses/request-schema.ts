import type { JSONSchema } from '../../../schema/json-schema.ts'
import type { ApiRequest } from '../request/request-of.ts'
import { INPUT } from './input-schema.ts'

const TEXT_OR_NULL: JSONSchema = { type: ['string', 'null'] }
const OBJECT_OR_NULL: JSONSchema = { type: ['object', 'null'] }
const FLAG_OR_NULL: JSONSchema = { type: ['boolean', 'null'] }

/** A tool, and the choice of one. */
const FUNCTION: JSONSchema = {
  type: 'object',
  properties: { type: { const: 'function' }, name: { type: 'string' } },
  required: ['type', 'name'],
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
  [['tools'], 'tools', { type: ['array', 'null'], items: FUNCTION }],
  [['tool_choice'], 'tool_choice', { anyOf: [{ enum: ['none', 'auto', 'required', null] }, FUNCTION] }],
  [['parallel_tool_calls'], 'parallel_tool_calls', FLAG_OR_NULL],
  [['response_format'], 'text', OBJECT_OR_NULL],
  [['reasoning_effort'], 'reasoning', OBJECT_OR_NULL],
]

/** The schema of requests to `/v1/responses`. */
export function responseSchema({ named }: ApiRequest): JSONSchema {
  const taken = BY_CHAT.filter(([chat]) => chat.some(name => named.has(name)))
  const properties = { ...ALWAYS, ...Object.fromEntries(taken.map(([, name, schema]) => [name, schema])) }
  return { type: 'object', properties, required: ['input'], additionalProperties: { type: 'null' } }
}
