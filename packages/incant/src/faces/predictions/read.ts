import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { answerJob, waitForEnd } from './answer-job.ts'
import { findJob, orUnavailable } from './find-job.ts'
import { LONGEST_WAIT } from './preference.ts'

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
