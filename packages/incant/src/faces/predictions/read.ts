import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { JobStatus } from '../../jobs/job.ts'
import { summarizeJob } from '../../jobs/job-document.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { answerJob, waitForEnd } from './answer-job.ts'
import { findJob, orUnavailable, ownerOf } from './find-job.ts'

/** Seconds that a caller may wait at most. */
const LONGEST_WAIT = 50

/** Jobs of a page. */
const PAGE = 100

const STATES: readonly JobStatus[] = ['starting', 'processing', 'succeeded', 'failed', 'canceled']

/** A job, at once or when it is over: `?wait=SECONDS`. */
export async function readJob(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const found = await findJob(exchange, models)
  const seconds = Number(exchange.query.get('wait') ?? 0)
  if (!(seconds >= 0)) throw new RequestError('bad_request', { detail: 'wait must be a number of seconds.' })
  const job = await waitForEnd(exchange, found, Math.min(seconds, LONGEST_WAIT) * 1000)
  return answerJob({ ...found, job })
}

/** Cancels a job. One that is over stays as it is. */
export async function cancelJob(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { job, jobs } = await findJob(exchange, models)
  return answerJob({ jobs, job: (await orUnavailable(jobs.cancel(job.key))) ?? job })
}

/** The jobs of the caller, the newest first, in pages. */
export async function listJobs(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const before = exchange.query.get('cursor') ?? undefined
  const status = STATES.find(state => state === exchange.query.get('status'))
  const lists = new Map<string, string>()
  let last: string | undefined
  for (const { jobs } of await models.list()) {
    const found = await orUnavailable(jobs?.store.list({ owner: ownerOf(exchange), status, before, limit: PAGE }))
    for (const job of found ?? []) lists.set(job.key, summarizeJob(job))
    if (found?.length === PAGE) last = found.at(-1)?.key
  }
  const next =
    last === undefined
      ? 'null'
      : JSON.stringify(exchange.url(`/predictions?cursor=${last}${status === undefined ? '' : `&status=${status}`}`))
  const body = `{"previous":null,"next":${next},"results":[${[...lists.values()].join(',')}]}`
  return new Answer(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, body)
}

/** Bytes that are too many for the document of their job. */
export async function readOutput(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { job, jobs } = await findJob(exchange, models)
  if (job.output?.form !== 'bytes')
    throw new RequestError('not_found', { detail: 'The job has no bytes as its output.' })
  const [part] = await orUnavailable(jobs.store.readOutput(job.key, 0))
  const { contentType = 'application/octet-stream' } = job.output
  const headers = { 'Content-Type': contentType, 'Cache-Control': 'no-store', 'Content-Disposition': 'attachment' }
  return new Answer(200, headers, part?.data ?? '')
}
