import type { Face } from '../face.ts'
import type { FaceRoute } from '../route.ts'
import { describe } from './fit.ts'
import { refuse } from './refusal.ts'
import { chatCompletions } from './routes/chat.ts'
import { completions } from './routes/completions.ts'
import { embeddings } from './routes/embeddings.ts'
import { getModel, listModels } from './routes/list-models.ts'

/** The paths that the API begins with: its own, and the one under which KServe has it. */
const AREAS = ['/v1', '/openai/v1']

const ROUTES: readonly FaceRoute[] = [
  { method: 'GET', path: '/models', body: 'none', handle: listModels },
  { method: 'GET', path: '/models/*', body: 'none', handle: getModel },
  { method: 'POST', path: '/chat/completions', body: 'json', handle: chatCompletions },
  { method: 'POST', path: '/completions', body: 'json', handle: completions },
  { method: 'POST', path: '/embeddings', body: 'json', handle: embeddings },
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
  routes: AREAS.flatMap(area => ROUTES.map(route => ({ ...route, path: area + route.path }))),
  refuse,
}
