import type { Answer } from '../../http/answer.ts'
import { isOver } from '../../jobs/job.ts'
import type { FaceExchange } from '../exchange.ts'
import { answerJob, locationOf, waitForEnd } from './answer-job.ts'
import { answerOutcome } from './outcome.ts'
import { readPreference } from './preference.ts'
import { readIdempotencyKey } from './read-submission.ts'
import { type ModelOfJob, takeJob } from './take-job.ts'

/**
 * Makes a job of a call of `/predict`, whose payload is the body. Where it is over before the caller has waited long enough,
 * the answer is that of a call; else it is the job.
 */
export async function callLater(exchange: FaceExchange, model: ModelOfJob): Promise<Answer> {
  const { jobs } = model
  const { headers, body: input } = exchange
  const id = readIdempotencyKey(headers)
  await jobs.check(input)
  const { job } = await takeJob(exchange, { input, id, webhook: undefined, metadata: undefined }, model)
  const { wait = 0, applied } = readPreference(headers.get('prefer'))
  const seen = wait === 0 ? job : await waitForEnd(exchange, { job, jobs }, wait * 1000)
  const lines = { Location: locationOf(seen), ...applied }
  return wait > 0 && isOver(seen)
    ? answerOutcome(exchange, { job: seen, jobs }, lines)
    : answerJob({ job: seen, jobs }, 202, lines)
}
