import { sha256, toHexadecimal } from '../../auth/digest.ts'
import { RequestError } from '../../errors/request-error.ts'
import { toJSON } from '../../http/to-json.ts'
import type { NewJob } from '../../jobs/job.ts'
import type { CreatedJob } from '../../jobs/store.ts'
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
  const job = await makeJob(exchange, submission, model)
  const created = await orUnavailable(model.jobs.store.create(job))
  if (created.job.digest !== job.digest) throw new RequestError('id_reused')
  return created
}

async function makeJob(
  exchange: FaceExchange,
  { input, id, webhook, metadata }: Submission,
  { jobs, version }: ModelOfJob,
): Promise<NewJob> {
  const text = input === undefined ? '' : toJSON(input)
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
