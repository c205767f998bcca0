import type { Definitions, JSONSchema } from '../../schema/json-schema.ts'
import type { PredictSignature, RequestProtocol } from '../../signature/signature.ts'
import type { FaceFit, FaceOperation, FaceSubject } from '../fit.ts'
import {
  CHAT_CHUNK,
  CHAT_COMPLETION,
  COMPLETION,
  EMBEDDINGS,
  IMAGES,
  MODEL,
  MODELS,
  MODERATION,
  RERANKED,
  RESPONSE,
  RESPONSE_EVENT,
  TRANSCRIPTION,
} from './answer-schemas.ts'
import { requestSchema } from './request/body-schema.ts'
import { type ApiRequest, requestOf } from './request/request-of.ts'
import { responseSchema } from './responses/request-schema.ts'

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
      reason: 'predict returns bytes, and the answer of this request is text',
      instead: 'Yield strings, or give back a string or a ChatReply.',
    }
  }
  return { fits: true, operations: [...MODEL_OPERATIONS, ...operationsOf(request, signature)] }
}

const TAKES_BYTES: readonly RequestProtocol[] = ['openai.image']

const MODEL_OPERATIONS: readonly FaceOperation[] = [
  { method: 'GET', path: '/v1/models', summary: 'List the models', answer: { schema: MODELS } },
  { method: 'GET', path: '/v1/models/{model}', summary: 'Describe a model', answer: { schema: MODEL } },
]

function operationsOf(request: ApiRequest, { definitions }: PredictSignature): readonly FaceOperation[] {
  return OPERATIONS[request.protocol].map(({ path, summary, contentType, body = requestSchema, ...answer }) => ({
    method: 'POST',
    path,
    summary,
    body: { ...(contentType === undefined ? {} : { contentType }), schema: body(request, definitions) },
    ...answer,
  }))
}

interface Operation extends Pick<FaceOperation, 'path' | 'summary' | 'answer' | 'events'> {
  readonly contentType?: string
  /** What a caller sends. @default the members of the type, and those that the face sees to */
  readonly body?: (request: ApiRequest, definitions: Definitions) => JSONSchema
}

const OPERATIONS: Readonly<Record<RequestProtocol, readonly Operation[]>> = {
  'openai.chat': [
    {
      path: '/v1/chat/completions',
      summary: 'Create a chat completion',
      answer: { schema: CHAT_COMPLETION },
      events: CHAT_CHUNK,
    },
    {
      path: '/v1/responses',
      summary: 'Create a response',
      body: responseSchema,
      answer: { schema: RESPONSE },
      events: RESPONSE_EVENT,
    },
  ],
  'openai.completion': [
    { path: '/v1/completions', summary: 'Create a completion', answer: { schema: COMPLETION }, events: COMPLETION },
  ],
  'openai.embedding': [{ path: '/v1/embeddings', summary: 'Create embeddings', answer: { schema: EMBEDDINGS } }],
  'openai.transcription': [
    {
      path: '/v1/audio/transcriptions',
      summary: 'Transcribe sound',
      body: ({ parameter }) => parameter.schema ?? {},
      contentType: 'multipart/form-data',
      answer: { schema: TRANSCRIPTION },
    },
  ],
  'openai.image': [{ path: '/v1/images/generations', summary: 'Create images', answer: { schema: IMAGES } }],
  'openai.moderation': [{ path: '/v1/moderations', summary: 'Classify texts', answer: { schema: MODERATION } }],
  'openai.rerank': [{ path: '/v1/rerank', summary: 'Sort documents by a query', answer: { schema: RERANKED } }],
}
