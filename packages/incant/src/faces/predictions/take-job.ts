import { hashLongText, toHexadecimal } from '../../auth/digest.ts'
import { RequestError } from '../../errors/request-error.ts'
import { RETRY_SOON } from '../../errors/retry-soon.ts'
import type { NewJob } from '../../jobs/job.ts'
import type { CreatedJob } from '../../jobs/store.ts'
import { writeInTurns } from '../../json/write-in-turns.ts'
import type { FaceExchange } from '../exchange.ts'
import type { JobsOfModel } from '../jobs-of-model.ts'
import { orUnavailable, ownerOf } from './find-job.ts'
import type { Submission } from './read-submission.ts'

/** The model of a job. */
export interface ModelOfJob {
  readonly jobs: JobsOfModel
  readonly version: string | undefined
}

/**
 * Takes a job whose input was checked, or finds the one that its caller has of the same id.
 *
 * @throws {RequestError} `id_reused`, where that one has another input; `unavailable`.
 */
export async function takeJob(exchange: FaceExchange, submission: Submission, model: ModelOfJob): Promise<CreatedJob> {
  const { jobs } = model
  const job = await makeJob(exchange, submission, model)
  let isTaken = false
  try {
    const created = await orUnavailable(createJob(job, jobs))
    isTaken = created.isNew
    if (created.job.digest !== job.digest) throw new RequestError('id_reused')
    return created
  } finally {
    if (!isTaken) jobs.forgetInput(job.key)
  }
}

/** A job that is known is found also where no other has room. */
async function createJob(job: NewJob, jobs: JobsOfModel): Promise<CreatedJob> {
  if (await jobs.hasRoom()) return jobs.store.create(job)
  const known = await jobs.store.find(job.owner, job.id)
  if (known === undefined)
    throw new RequestError('queue_full', { ...RETRY_SOON, detail: 'As many jobs wait as may wait.' })
  return { job: known, isNew: false }
}

async function makeJob(
  exchange: FaceExchange,
  { input, id, webhook, metadata }: Submission,
  { jobs, version }: ModelOfJob,
): Promise<NewJob> {
  const text = input === undefined ? '' : await writeInTurns(input, 'given')
  const key = makeKey()
  const place = jobs.placeInput(key, text)
  return {
    ...place,
    key,
    id: id ?? key,
    owner: ownerOf(exchange),
    principal: exchange.principal,
    model: jobs.model,
    version,
    // From that of an input that is not stored a short one could be guessed.
    digest: place.input === undefined ? '' : await digestOf(jobs.model, input),
    metadata: metadata === undefined ? undefined : await writeInTurns(metadata, 'given'),
    origin: exchange.url(''),
    token: makeKey(),
    webhook,
    maxAttempts: jobs.maxAttempts,
  }
}

/** The same for inputs whose members differ in their order alone. */
async function digestOf(model: string, input: unknown): Promise<string> {
  const text = input === undefined ? '' : await writeInTurns(input, 'sorted')
  return toHexadecimal(await hashLongText(`${model}\n${text}`))
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** 130 random bits. */
function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ALPHABET[byte & 31]).join('')
}
