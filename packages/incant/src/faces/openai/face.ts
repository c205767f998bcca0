import type { Face } from '../face.ts'
import { loadHandler } from '../load-handler.ts'
import type { FaceRoute } from '../route.ts'
import { describe } from './fit.ts'
import { refuse } from './refusal.ts'
import { getModel, listModels } from './routes/list-models.ts'

/** The paths that the API begins with: its own, and the one under which KServe has it. */
const AREAS = ['/v1', '/openai/v1']

const ROUTES: readonly FaceRoute[] = [
  { method: 'GET', path: '/models', body: 'none', handle: listModels },
  { method: 'GET', path: '/models/*', body: 'none', handle: getModel },
  post('/chat/completions', async () => (await import('./routes/chat.ts')).chatCompletions),
  post('/responses', async () => (await import('./routes/responses.ts')).responses),
  post('/completions', async () => (await import('./routes/completions.ts')).completions),
  post('/embeddings', async () => (await import('./routes/embeddings.ts')).embeddings),
  post('/images/generations', async () => (await import('./routes/images.ts')).images),
  post('/moderations', async () => (await import('./routes/moderations.ts')).moderations),
  post('/rerank', loadRerank),
  {
    ...post('/audio/transcriptions', async () => (await import('./routes/transcriptions.ts')).transcriptions),
    body: 'form',
  },
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
    post('/v2/rerank', loadRerank),
  ],
  refuse,
}

/** A route whose code is loaded with the first request: most servers never need it. */
function post(path: string, load: () => Promise<FaceRoute['handle']>): FaceRoute {
  return { method: 'POST', path, body: 'json', handle: loadHandler(load) }
}

async function loadRerank(): Promise<FaceRoute['handle']> {
  return (await import('./routes/rerank.ts')).rerank
}
