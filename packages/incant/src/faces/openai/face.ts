import type { Face } from '../face.ts'
import type { FaceRoute } from '../route.ts'
import { describe } from './fit.ts'
import { refuse } from './refusal.ts'
import { chatCompletions } from './routes/chat.ts'
import { completions } from './routes/completions.ts'
import { embeddings } from './routes/embeddings.ts'
import { images } from './routes/images.ts'
import { getModel, listModels } from './routes/list-models.ts'
import { moderations } from './routes/moderations.ts'
import { rerank } from './routes/rerank.ts'
import { responses } from './routes/responses.ts'
import { transcriptions } from './routes/transcriptions.ts'

/** The paths that the API begins with: its own, and the one under which KServe has it. */
const AREAS = ['/v1', '/openai/v1']

const ROUTES: readonly FaceRoute[] = [
  { method: 'GET', path: '/models', body: 'none', handle: listModels },
  { method: 'GET', path: '/models/*', body: 'none', handle: getModel },
  { method: 'POST', path: '/chat/completions', body: 'json', handle: chatCompletions },
  { method: 'POST', path: '/completions', body: 'json', handle: completions },
  { method: 'POST', path: '/responses', body: 'json', handle: responses },
  { method: 'POST', path: '/embeddings', body: 'json', handle: embeddings },
  { method: 'POST', path: '/audio/transcriptions', body: 'form', handle: transcriptions },
  { method: 'POST', path: '/images/generations', body: 'json', handle: images },
  { method: 'POST', path: '/moderations', body: 'json', handle: moderations },
  { method: 'POST', path: '/rerank', body: 'json', handle: rerank },
]

/**
 * The OpenAI API, for models whose types name a request of it.
 *
 * @see https://platform.openai.com/docs/api-reference
 */
export const openAIFace: Face = {
  protocol: 'openai',
  areas: AREAS,
  describe,
  routes: [
    ...AREAS.flatMap(area => ROUTES.map(route => ({ ...route, path: area + route.path }))),
    // Where Cohere has it.
    { method: 'POST', path: '/v2/rerank', body: 'json', handle: rerank },
  ],
  refuse,
}
