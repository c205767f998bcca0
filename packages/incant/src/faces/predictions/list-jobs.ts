import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { Job, JobStatus } from '../../jobs/job.ts'
import { summarizeJob } from '../../jobs/job-document.ts'
import type { JobQuery, JobStore } from '../../jobs/store.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { orUnavailable, ownerOf } from './find-job.ts'

/** Jobs of a page. */
const PAGE = 100

const STATES: readonly JobStatus[] = ['starting', 'processing', 'succeeded', 'failed', 'canceled']

/** The jobs of the caller, the newest first, in pages. */
export async function listJobs(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { query } = exchange
  // The models identify the caller.
  const stores = new Set((await models.list()).flatMap(({ jobs }) => jobs?.store ?? []))
  const filter = { owner: ownerOf(exchange), status: readStatus(query.get('status')) }
  const { jobs, cursor } = await readPage([...stores], filter, query.get('cursor'))
  const status = filter.status === undefined ? '' : `&status=${filter.status}`
  const next = cursor === undefined ? 'null' : JSON.stringify(exchange.url(`/predictions?cursor=${cursor}${status}`))
  const body = `{"previous":null,"next":${next},"results":[${jobs.map(summarizeJob).join(',')}]}`
  return new Answer(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, body)
}

function readStatus(given: string | null): JobStatus | undefined {
  const status = STATES.find(state => state === given)
  if (given !== null && status === undefined)
    throw new RequestError('bad_request', { detail: `status must be one of ${STATES.join(', ')}.` })
  return status
}

interface Page {
  readonly jobs: readonly Job[]
  /** Undefined: it is the last one. */
  readonly cursor: string | undefined
}

/**
 * The models of a server share one store, unless their settings differ. The cursor is the last job that was listed of each
 * store, in their order.
 */
async function readPage(
  stores: readonly JobStore[],
  filter: Pick<JobQuery, 'owner' | 'status'>,
  given: string | null,
): Promise<Page> {
  const last = (given ?? '').split('.')
  const lists = await Promise.all(
    stores.map((store, index) =>
      orUnavailable(store.list({ ...filter, before: last[index] || undefined, limit: PAGE + 1 })),
    ),
  )
  const all = lists.flatMap((jobs, index) => jobs.map(job => ({ job, index })))
  // Stable: those of one store stay in its order.
  if (lists.length > 1) all.sort((one, other) => other.job.createdAt - one.job.createdAt)
  const page = all.slice(0, PAGE)
  for (const { job, index } of page) last[index] = job.key
  const cursor = stores.map((_, index) => last[index] ?? '').join('.')
  return { jobs: page.map(({ job }) => job), cursor: all.length > PAGE ? cursor : undefined }
}
