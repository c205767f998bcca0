import { runBackgroundTask } from '../../engine/background-task.ts'
import type { Cancellation } from '../../engine/cancellation.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { FaceAnswer } from '../../faces/model.ts'
import { describeFailure } from '../../http/failure.ts'
import { toJSON } from '../../http/to-json.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobStore } from '../../jobs/store.ts'
import { INTERRUPTED } from '../../jobs/transitions.ts'
import type { Logger } from '../../log/logger.ts'
import { answerOfFace } from '../faces/answer-of-face.ts'
import type { CallModel } from '../faces/call-model.ts'
import { type Progress, ProgressWriter } from './progress-writer.ts'
import type { JobEnd, JobOutcome } from './settle-job.ts'

/** Milliseconds that a job may take: a day. Its caller cancels it before. */
const LONGEST_JOB = 86_400_000

/** What a job runs with. */
export interface JobRun {
  readonly job: Job
  readonly cancellation: Cancellation
  readonly holder: string
  readonly store: JobStore
  readonly call: CallModel
  readonly logger: Logger
}

/** Why a job is ended that its caller has canceled. */
export class JobCanceled extends Error {
  override readonly name = 'JobCanceled'
}

/** Why a job is ended whose server ends before it is done. */
export class JobInterrupted extends Error {
  override readonly name = 'JobInterrupted'
}

/** Codes with which an engine refuses a call, which has not begun then. */
const NOT_BEGUN: readonly string[] = ['queue_full', 'starting', 'unavailable']

/** Calls predict with the input of a job. Returns what became of it; what it streams is written as it comes. */
export async function runJob(run: JobRun): Promise<JobOutcome> {
  const { job, cancellation, store, holder, logger } = run
  const writer = new ProgressWriter(addition => store.append({ key: job.key, holder, ...addition }))
  const tasks: (() => unknown)[] = []
  try {
    const output = await run.call({
      id: job.key,
      payload: job.input ? JSON.parse(job.input) : undefined,
      answer: 'items',
      deadline: performance.now() + LONGEST_JOB,
      cancellation,
      principal: job.principal,
      client: { address: undefined },
      report: writer,
      defer: task => tasks.push(task),
    })
    const end = await readAnswer(answerOfFace(output, { cancellation, onOver: () => {} }), writer)
    return { kind: 'over', end: { ...(await endWriting(writer)), ...end } }
  } catch (thrown) {
    if (RequestError.is(thrown) && NOT_BEGUN.includes(thrown.code)) return { kind: 'notBegun' }
    // What was streamed until then stays.
    const rest = await endWriting(writer)
    const { reason } = cancellation
    if (reason instanceof JobCanceled) return { kind: 'over', end: { status: 'canceled', ...rest } }
    if (reason instanceof JobInterrupted)
      return { kind: 'interrupted', end: { status: 'failed', error: INTERRUPTED, ...rest } }
    const { code, detail, title } = describeFailure(thrown, job.key, logger)
    return { kind: 'over', end: { status: 'failed', error: { code, detail: detail ?? title }, ...rest } }
  } finally {
    for (const task of tasks) void runBackgroundTask(task, job.key, logger)
  }
}

async function readAnswer(answer: FaceAnswer, writer: ProgressWriter): Promise<JobEnd> {
  if (answer instanceof Response) return endOfResponse(answer)
  if (answer.kind === 'value') return { status: 'succeeded', ...valueOutput(toJSON(answer.value)) }
  if (answer.kind === 'bytes')
    return { status: 'succeeded', ...bytesOutput(await readBytes(answer.body), answer.contentType) }
  for await (const item of answer.items) writer.add(item)
  const returned = await answer.returned
  return { status: 'succeeded', ...(returned === undefined ? {} : { returned: toJSON(returned) }) }
}

/** Writes what is left. While the store is away it goes with the end of the job, which waits for the store. */
async function endWriting(writer: ProgressWriter): Promise<Progress> {
  await writer.flush().catch(() => {})
  return writer.take()
}

function valueOutput(data: string): Pick<JobEnd, 'output' | 'data'> {
  return { output: { form: 'value', contentType: undefined, count: 1, size: data.length }, data }
}

function bytesOutput(data: Uint8Array, contentType: string): Pick<JobEnd, 'output' | 'data'> {
  return { output: { form: 'bytes', contentType, count: 1, size: data.length }, data }
}

async function readBytes(body: Uint8Array | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** A `Response` of predict: its status says whether it has failed. */
async function endOfResponse(response: Response): Promise<JobEnd> {
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (!response.ok)
    return {
      status: 'failed',
      error: { code: `http_${response.status}`, detail: `predict answered ${response.status}` },
    }
  return { status: 'succeeded', ...bytesOutput(bytes, contentType) }
}
