import { isOver, type Job } from '../../jobs/job.ts'
import { type JobStore, StoreUnavailable } from '../../jobs/store.ts'
import type { JobRecord } from '../../metrics/job-record.ts'

/** Milliseconds between two counts of what is in the store. */
const INTERVAL = 5000

/** The same store, whose jobs and failures are counted where this server begins and ends jobs. */
export function recordStore(store: JobStore, record: JobRecord | undefined): JobStore {
  if (record === undefined) return store
  record.isOn = true
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...parameters: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, parameters)
        return result instanceof Promise ? observe(name, result, record) : result
      }
    },
  })
}

async function observe(name: string | symbol, result: Promise<unknown>, record: JobRecord): Promise<unknown> {
  try {
    const given = await result
    // What these two methods of a store give.
    if (name === 'claim') noteBegin(given as Job | undefined, record)
    if (name === 'end') noteEnd(given as Job | undefined, record)
    return given
  } catch (thrown) {
    if (thrown instanceof StoreUnavailable) record.countStoreError()
    throw thrown
  }
}

function noteBegin(job: Job | undefined, record: JobRecord): void {
  if (job?.startedAt !== undefined) record.countWait(job.startedAt - job.createdAt)
}

function noteEnd(job: Job | undefined, record: JobRecord): void {
  if (job !== undefined) record.countEnd(job.status)
}

/** Cancels a job, and counts its end where that is now: one that runs ends later. */
export async function cancelRecorded(store: JobStore, key: string, record?: JobRecord): Promise<Job | undefined> {
  const before = record === undefined ? undefined : await store.get(key)
  const job = await store.cancel(key)
  if (before !== undefined && !isOver(before) && job !== undefined && isOver(job)) record?.countEnd(job.status)
  return job
}

/**
 * Counts from now on what is in the store.
 *
 * @returns Ends it.
 */
export function countOpenJobs(store: JobStore, record: JobRecord | undefined): () => void {
  if (record === undefined) return () => {}
  const count = async (): Promise<void> => {
    try {
      const { starting, processing, webhooks } = await store.count()
      record.open = { queued: starting, running: processing, webhooks }
    } catch {
      record.open = undefined
    }
  }
  void count()
  const timer = setInterval(() => void count(), INTERVAL)
  timer.unref?.()
  return () => clearInterval(timer)
}
