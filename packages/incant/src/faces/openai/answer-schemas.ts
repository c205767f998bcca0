import type { JSONSchema } from '../../schema/json-schema.ts'

const TEXT: JSONSchema = { type: 'string' }
const COUNT: JSONSchema = { type: 'integer', minimum: 0 }
const TEXT_OR_NULL: JSONSchema = { type: ['string', 'null'] }
const OBJECT_OR_NULL: JSONSchema = { type: ['object', 'null'] }

const USAGE: JSONSchema = object({ prompt_tokens: COUNT, completion_tokens: COUNT, total_tokens: COUNT })

/** A model of the list. */
export const MODEL: JSONSchema = object({ id: TEXT, object: { const: 'model' }, created: COUNT, owned_by: TEXT })

/** The list of models. */
export const MODELS: JSONSchema = object({ object: { const: 'list' }, data: { type: 'array', items: MODEL } })

/** A whole answer of a chat. */
export const CHAT_COMPLETION: JSONSchema = answer('chat.completion', {
  message: object({ role: { const: 'assistant' }, content: TEXT_OR_NULL, refusal: TEXT_OR_NULL }),
})

/** A chunk of a chat. */
export const CHAT_CHUNK: JSONSchema = answer('chat.completion.chunk', { delta: { type: 'object' } })

/** A completion, or a chunk of one. */
export const COMPLETION: JSONSchema = answer('text_completion', { text: TEXT })

/** A list of embeddings. */
export const EMBEDDINGS: JSONSchema = object({
  object: { const: 'list' },
  data: {
    type: 'array',
    items: object({
      object: { const: 'embedding' },
      index: COUNT,
      embedding: {
        anyOf: [
          { type: 'array', items: { type: 'number' } },
          { type: 'string', format: 'byte' },
        ],
      },
    }),
  },
  model: TEXT,
  usage: object({ prompt_tokens: COUNT, total_tokens: COUNT }),
})

/** A response. */
export const RESPONSE: JSONSchema = object({
  id: TEXT,
  object: { const: 'response' },
  created_at: COUNT,
  status: { enum: ['completed', 'incomplete'] },
  model: TEXT,
  output: { type: 'array', items: { type: 'object' } },
  usage: OBJECT_OR_NULL,
})

/** An event of a response. */
export const RESPONSE_EVENT: JSONSchema = object({ type: TEXT, sequence_number: COUNT })

/** A transcription in its short form. */
export const TRANSCRIPTION: JSONSchema = object({ text: TEXT })

/** A list of images. */
export const IMAGES: JSONSchema = object({
  created: COUNT,
  data: { type: 'array', items: object({ b64_json: { type: 'string', format: 'byte' } }) },
})

/** The answer of moderations. */
export const MODERATION: JSONSchema = object({
  id: TEXT,
  model: TEXT,
  results: {
    type: 'array',
    items: object({
      flagged: { type: 'boolean' },
      categories: { type: 'object', additionalProperties: { type: 'boolean' } },
      category_scores: { type: 'object', additionalProperties: { type: 'number' } },
    }),
  },
})

/** Documents by their scores, the best first. */
export const RERANKED: JSONSchema = object({
  id: TEXT,
  model: TEXT,
  results: { type: 'array', items: object({ index: COUNT, relevance_score: { type: 'number' } }) },
})

function answer(name: string, members: Readonly<Record<string, JSONSchema>>): JSONSchema {
  const choice = object({ index: COUNT, ...members, logprobs: OBJECT_OR_NULL, finish_reason: TEXT_OR_NULL })
  const envelope = object({
    id: TEXT,
    object: { const: name },
    created: COUNT,
    model: TEXT,
    choices: { type: 'array', items: choice },
  })
  return { ...envelope, properties: { ...envelope.properties, usage: { anyOf: [USAGE, { type: 'null' }] } } }
}

/** An object, all of whose members are there. */
function object(properties: Readonly<Record<string, JSONSchema>>): JSONSchema {
  return { type: 'object', properties, required: Object.keys(properties) }
}
