import type { JSONSchema } from '../../../schema/json-schema.ts'

const TEXT: JSONSchema = { type: 'string' }
const MESSAGE: JSONSchema = { enum: ['message', null] }
const TEXT_PART = object({ type: { enum: ['input_text', 'output_text', 'text'] }, text: TEXT })
const REFUSAL_PART = object({ type: { const: 'refusal' }, refusal: TEXT })
const IMAGE_PART = object(
  { type: { const: 'input_image' }, image_url: TEXT },
  { detail: { enum: ['auto', 'low', 'high', null] } },
)
const AUDIO_PART = object({
  type: { const: 'input_audio' },
  input_audio: object({ data: TEXT, format: { enum: ['wav', 'mp3'] } }),
})
const FILE_PART = object(
  { type: { const: 'input_file' } },
  Object.fromEntries(['file_data', 'file_id', 'filename'].map(name => [name, { type: ['string', 'null'] as const }])),
)

const ITEMS: readonly JSONSchema[] = [
  message(['user'], contentOf(TEXT_PART, IMAGE_PART, AUDIO_PART, FILE_PART)),
  message(['system', 'developer'], contentOf(TEXT_PART)),
  // As in a chat, it may have said nothing.
  object({ role: { const: 'assistant' } }, { type: MESSAGE, content: orNull(contentOf(TEXT_PART, REFUSAL_PART)) }),
  object({ type: { const: 'function_call' }, call_id: TEXT, name: TEXT, arguments: TEXT }),
  object({ type: { const: 'function_call_output' }, call_id: TEXT, output: contentOf(TEXT_PART) }),
  // Left out: no chat takes it.
  object({ type: { const: 'reasoning' } }),
]

/** The input of a response: items that can be converted to messages of a chat. */
export const INPUT: JSONSchema = {
  anyOf: [TEXT, { type: 'array', items: { anyOf: ITEMS } }],
  description: 'A text, or messages, function calls and their outputs.',
}

function message(roles: readonly string[], content: JSONSchema): JSONSchema {
  return object({ role: { enum: roles }, content }, { type: MESSAGE })
}

function contentOf(...parts: readonly JSONSchema[]): JSONSchema {
  const [only = {}, ...others] = parts
  return { anyOf: [TEXT, { type: 'array', items: others.length === 0 ? only : { anyOf: parts } }] }
}

function orNull(schema: JSONSchema): JSONSchema {
  return { anyOf: [schema, { type: 'null' }] }
}

function object(
  properties: Readonly<Record<string, JSONSchema>>,
  optional: Readonly<Record<string, JSONSchema>> = {},
): JSONSchema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) }
}
