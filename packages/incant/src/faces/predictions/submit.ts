import { sha256, toHexadecimal } from '../../auth/digest.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { Answer } from '../../http/answer.ts'
import { toJSON } from '../../http/to-json.ts'
import { isOver, type NewJob } from '../../jobs/job.ts'
import type { FaceExchange } from '../exchange.ts'
import type { JobsOfModel } from '../jobs-of-model.ts'
import type { FaceModel, FaceModels } from '../model.ts'
import { answerJob, locationOf, waitForEnd } from './answer-job.ts'
import { orUnavailable, ownerOf } from './find-job.ts'
import { placeInInput, readSubmission } from './read-submission.ts'
import { eventsAnswer, wantsEvents } from './stream.ts'

/** Milliseconds that a caller waits at most who has not asked for another time: less than a call may take. */
const LONGEST_WAIT = 50_000

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
  const job = await makeJob(exchange, submission, model)
  const created = await orUnavailable(jobs.store.create(job))
  if (created.job.digest !== job.digest) throw new RequestError('id_reused')
  const found = { job: created.job, jobs }
  if (wantsEvents(exchange)) return eventsAnswer(exchange, found)
  const preference = readPreference(exchange.headers.get('prefer'))
  const seen = await waitForEnd(exchange, found, preference.wait)
  const headers = { Location: locationOf(seen), ...preference.applied }
  return answerJob({ job: seen, jobs }, isOver(seen) ? (created.isNew ? 201 : 200) : 202, headers)
}

interface Preference {
  readonly wait: number
  readonly applied: Readonly<Record<string, string>>
}

function readPreference(prefer: string | null): Preference {
  if (/(?:^|[,;\s])respond-async(?:$|[,;\s])/i.test(prefer ?? ''))
    return { wait: 0, applied: { 'Preference-Applied': 'respond-async' } }
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(prefer ?? '')?.[1]
  if (wait === undefined) return { wait: LONGEST_WAIT, applied: {} }
  const seconds = Math.min(Number(wait), LONGEST_WAIT / 1000)
  return { wait: seconds * 1000, applied: { 'Preference-Applied': `wait=${seconds}` } }
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

async function makeJob(
  exchange: FaceExchange,
  { input, id, webhook, metadata }: ReturnType<typeof readSubmission>,
  { jobs, version }: ModelWithJobs,
): Promise<NewJob> {
  const text = toJSON(input)
  const key = makeKey()
  return {
    key,
    id: id ?? key,
    owner: ownerOf(exchange),
    principal: exchange.principal,
    model: jobs.model,
    version,
    input: text,
    digest: toHexadecimal(await sha256(`${jobs.model}\n${text}`)),
    metadata: metadata === undefined ? undefined : toJSON(metadata),
    origin: exchange.url(''),
    token: makeKey(),
    webhook,
    maxAttempts: jobs.maxAttempts,
    lease: undefined,
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** 130 random bits. */
function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ALPHABET[byte & 31]).join('')
}
