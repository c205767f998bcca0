import type { Face, FaceFailure, FaceRefusal } from '../face.ts'
import { loadHandler } from '../load-handler.ts'
import { describe } from './fit.ts'

/**
 * Jobs: predict runs whether its caller stays or not. The routes, the object and the events are those of Cog and of
 * Replicate's API, so their clients work.
 *
 * @see https://replicate.com/docs/reference/http#predictions
 */
export const predictionsFace: Face = {
  protocol: 'jobs',
  areas: ['/predictions'],
  describe,
  routes: [
    {
      method: 'POST',
      path: '/predictions',
      body: 'json',
      calls: false,
      handle: loadHandler(async () => (await import('./submit.ts')).submit),
    },
    {
      method: 'PUT',
      path: '/predictions/:id',
      body: 'json',
      calls: false,
      handle: loadHandler(async () => (await import('./submit.ts')).submit),
    },
    {
      method: 'GET',
      path: '/predictions',
      body: 'none',
      handle: loadHandler(async () => (await import('./list-jobs.ts')).listJobs),
    },
    {
      method: 'GET',
      path: '/predictions/:id',
      body: 'none',
      handle: loadHandler(async () => (await import('./read.ts')).readJob),
    },
    {
      method: 'GET',
      path: '/predictions/:id/output',
      body: 'none',
      handle: loadHandler(async () => (await import('./read.ts')).readOutput),
    },
    {
      method: 'POST',
      path: '/predictions/:id/cancel',
      body: 'none',
      calls: false,
      handle: loadHandler(async () => (await import('./read.ts')).cancelJob),
    },
    {
      method: 'GET',
      path: '/predictions/:id/events',
      body: 'none',
      handle: loadHandler(async () => (await import('./stream.ts')).streamEvents),
    },
    {
      method: 'GET',
      path: '/predictions/:key/stream',
      body: 'none',
      access: 'public',
      handle: loadHandler(async () => (await import('./stream.ts')).streamOutput),
    },
  ],
  refuse,
}

/** A failure as clients read it: the problem document, whose `detail` is what they show. */
function refuse({ problem }: FaceFailure): FaceRefusal {
  return { document: { ...problem, detail: problem.detail ?? problem.title } }
}
