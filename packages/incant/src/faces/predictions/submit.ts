import { RequestError } from '../../errors/request-error.ts'
import type { Answer } from '../../http/answer.ts'
import { isOver } from '../../jobs/job.ts'
import type { FaceExchange } from '../exchange.ts'
import type { JobsOfModel } from '../jobs-of-model.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { answerJob, locationOf, waitForEnd } from './answer-job.ts'
import { LONGEST_WAIT, readPreference } from './preference.ts'
import { placeInInput, readSubmission } from './read-submission.ts'
import { eventsAnswer, wantsEvents } from './stream.ts'
import { takeJob } from './take-job.ts'

/** Takes a job. Its answer is that it was taken, where the caller prefers that (RFC 7240); else its end, as Cog has it. */
export async function submit(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  const model = await chooseModel(exchange, models)
  const { jobs } = model
  const submission = readSubmission(exchange, jobs)
  try {
    await jobs.check(submission.input)
  } catch (thrown) {
    throw placeInInput(thrown)
  }
  const { job, isNew } = await takeJob(exchange, submission, model)
  if (wantsEvents(exchange)) return eventsAnswer(exchange, { job, jobs })
  const { isAsync, wait = isAsync ? 0 : LONGEST_WAIT, applied } = readPreference(exchange.headers.get('prefer'))
  const seen = await waitForEnd(exchange, { job, jobs }, wait * 1000)
  const headers = { Location: locationOf(seen), ...applied }
  return answerJob({ job: seen, jobs }, isOver(seen) ? (isNew ? 201 : 200) : 202, headers)
}

type ModelWithJobs = FaceModel & { readonly jobs: JobsOfModel }

async function chooseModel({ body }: FaceExchange, models: FaceModels): Promise<ModelWithJobs> {
  const name = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
  const model = typeof name === 'string' ? models.find(name) : models.only
  if (model !== undefined && hasJobs(model) && (await models.list()).includes(model)) return model
  throw new RequestError('invalid_payload', {
    issues: [{ pointer: '#/model', detail: 'must be the name of one of the models' }],
  })
}

function hasJobs(model: FaceModel): model is ModelWithJobs {
  return model.jobs !== undefined
}
