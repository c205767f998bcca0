import type { JSONSchema } from '../../schema/json-schema.ts'
import type { RequestProtocol } from '../../signature/signature.ts'
import type { FaceFit, FaceOperation, FaceSubject } from '../fit.ts'
import { CHAT_CHUNK, CHAT_COMPLETION, COMPLETION, EMBEDDINGS, MODEL, MODELS } from './answer-schemas.ts'
import { type ApiRequest, requestOf } from './request/request-of.ts'

/** Whether a model takes a request of the API, by its types. */
export function describe({ signature }: FaceSubject): FaceFit {
  const request = requestOf(signature)
  if (request === undefined) {
    return {
      fits: false,
      reason: 'the types of predict name no request of the OpenAI API',
      instead:
        'Take a ChatRequest, CompletionRequest, or another request of incant/openai, or write predict(text: string): Embedding.',
    }
  }
  const { returns } = signature
  const misfit = returns.find(({ kind }) => kind === 'bytes' && !TAKES_BYTES.includes(request.protocol))
  if (misfit !== undefined) {
    return {
      fits: false,
      reason: 'predict gives back bytes, and the answer of this request is text',
      instead: 'Yield strings, or give back a string or a ChatReply.',
    }
  }
  return { fits: true, operations: [...MODEL_OPERATIONS, ...operationsOf(request)] }
}

const TAKES_BYTES: readonly RequestProtocol[] = ['openai.image']

const MODEL_OPERATIONS: readonly FaceOperation[] = [
  { method: 'GET', path: '/v1/models', summary: 'List the models', answer: { schema: MODELS } },
  { method: 'GET', path: '/v1/models/{model}', summary: 'Describe a model', answer: { schema: MODEL } },
]

function operationsOf({ protocol, parameter }: ApiRequest): readonly FaceOperation[] {
  const schema = parameter.schema ?? {}
  switch (protocol) {
    case 'openai.chat':
      return [
        {
          ...post('/v1/chat/completions', 'Create a chat completion', schema),
          answer: { schema: CHAT_COMPLETION },
          events: CHAT_CHUNK,
        },
      ]
    case 'openai.completion':
      return [
        {
          ...post('/v1/completions', 'Create a completion', schema),
          answer: { schema: COMPLETION },
          events: COMPLETION,
        },
      ]
    case 'openai.embedding':
      return [
        {
          ...post('/v1/embeddings', 'Create embeddings', parameter.role === 'text' ? INPUT : schema),
          answer: { schema: EMBEDDINGS },
        },
      ]
    default:
      return []
  }
}

const INPUT: JSONSchema = {
  type: 'object',
  properties: {
    input: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2048 }] },
    model: { type: 'string' },
    encoding_format: { enum: ['float', 'base64'] },
  },
  required: ['input'],
}

function post(
  path: string,
  summary: string,
  schema: JSONSchema,
): Pick<FaceOperation, 'method' | 'path' | 'summary' | 'body'> {
  return { method: 'POST', path, summary, body: { schema } }
}
