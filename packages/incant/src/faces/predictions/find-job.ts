import { RequestError } from '../../errors/request-error.ts'
import { RETRY_SOON } from '../../errors/retry-soon.ts'
import type { Job } from '../../jobs/job.ts'
import { StoreUnavailable } from '../../jobs/store.ts'
import type { FaceExchange } from '../exchange.ts'
import type { JobsOfModel } from '../jobs-of-model.ts'
import type { FaceModels } from '../model.ts'

/** A job and the jobs that it is one of. */
export interface FoundJob {
  readonly job: Job
  readonly jobs: JobsOfModel
}

/** With whom the ids of jobs are unique, and who may see them. */
export function ownerOf({ principal }: FaceExchange): string {
  return principal?.id ?? ''
}

/**
 * The job that a path names.
 *
 * @throws {RequestError} `not_found`, also for one of another caller.
 */
export async function findJob(exchange: FaceExchange, models: FaceModels): Promise<FoundJob> {
  const { id = '' } = exchange.params
  const all = (await models.list()).flatMap(({ jobs }) => jobs ?? [])
  for (const store of new Set(all.map(jobs => jobs.store))) {
    const job = await orUnavailable(store.find(ownerOf(exchange), id))
    const ofStore = all.filter(jobs => jobs.store === store)
    // The store may have jobs of models that this server does not serve.
    const jobs = ofStore.find(({ model }) => model === job?.model) ?? ofStore[0]
    if (job !== undefined && jobs !== undefined) return { job, jobs }
  }
  throw new RequestError('not_found', { detail: 'There is no such job.' })
}

/** What a store gives. @throws {RequestError} `unavailable`, with Retry-After, while it is away. */
export async function orUnavailable<Value>(given: Promise<Value>): Promise<Value>
export async function orUnavailable<Value>(given: Promise<Value> | undefined): Promise<Value | undefined>
export async function orUnavailable<Value>(given: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await given
  } catch (thrown) {
    if (!(thrown instanceof StoreUnavailable)) throw thrown
    throw new RequestError('unavailable', {
      ...RETRY_SOON,
      detail: `The store of jobs ${thrown.state}.`,
      cause: thrown,
    })
  }
}
