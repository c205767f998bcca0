import { Answer } from '../../http/answer.ts'
import { isOver, type Job } from '../../jobs/job.ts'
import { pathsOf, writeJob } from '../../jobs/job-document.ts'
import type { FaceExchange } from '../exchange.ts'
import { type FoundJob, orUnavailable } from './find-job.ts'

/** A job as an answer. */
export async function answerJob(
  { job, jobs }: FoundJob,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = await orUnavailable(writeJob(jobs.store, job))
  return new Answer(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }, body)
}

/** The path of a job, for `Location`. */
export function locationOf(job: Job): string {
  return pathsOf(job).get
}

/** Milliseconds between two looks at a job, where the store does not tell of changes. */
const LOOK = 1000

/** Waits until a job is over, the time is up or the caller leaves. Returns it as it is then. */
export async function waitForEnd(exchange: FaceExchange, { job, jobs }: FoundJob, milliseconds: number): Promise<Job> {
  const end = performance.now() + milliseconds
  let seen = job
  while (!isOver(seen) && !jobs.isEnding && exchange.cancellation.reason === undefined) {
    const left = end - performance.now()
    if (left <= 0) break
    const changed = jobs.waitForChange(job.key, Math.min(left, LOOK))
    // Asked after the wait has begun, so that no change falls between.
    seen = (await orUnavailable(jobs.store.get(job.key))) ?? seen
    if (isOver(seen)) break
    await changed
    seen = (await orUnavailable(jobs.store.get(job.key))) ?? seen
  }
  return seen
}
