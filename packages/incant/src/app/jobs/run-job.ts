import { runBackgroundTask } from '../../engine/background-task.ts'
import type { Cancellation } from '../../engine/cancellation.ts'
import type { FaceAnswer } from '../../faces/model.ts'
import { describeFailure } from '../../http/failure.ts'
import { toJSON } from '../../http/to-json.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobEnding, JobStore } from '../../jobs/store.ts'
import type { Logger } from '../../log/logger.ts'
import { answerOfFace } from '../faces/answer-of-face.ts'
import type { CallModel } from '../faces/call-model.ts'
import { type Progress, ProgressWriter } from './progress-writer.ts'

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

type End = Omit<JobEnding, 'key' | 'holder'>

/** Why a job is ended that its caller has canceled. */
export class JobCanceled extends Error {
  override readonly name = 'JobCanceled'
}

/** Calls predict with the input of a job. Returns how it ends; what it streams is written as it comes. */
export async function runJob(run: JobRun): Promise<End> {
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
    return { ...(await endWriting(writer)), ...end }
  } catch (thrown) {
    // What was streamed until then stays.
    const rest = await endWriting(writer)
    if (cancellation.reason instanceof JobCanceled) return { status: 'canceled', ...rest }
    const { code, detail, title } = describeFailure(thrown, job.key, logger)
    return { status: 'failed', error: { code, detail: detail ?? title }, ...rest }
  } finally {
    for (const task of tasks) void runBackgroundTask(task, job.key, logger)
  }
}

async function readAnswer(answer: FaceAnswer, writer: ProgressWriter): Promise<End> {
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

function valueOutput(data: string): Pick<End, 'output' | 'data'> {
  return { output: { form: 'value', contentType: undefined, count: 1, size: data.length }, data }
}

function bytesOutput(data: Uint8Array, contentType: string): Pick<End, 'output' | 'data'> {
  return { output: { form: 'bytes', contentType, count: 1, size: data.length }, data }
}

async function readBytes(body: Uint8Array | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** A `Response` of predict: its status says whether it has failed. */
async function endOfResponse(response: Response): Promise<End> {
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (!response.ok)
    return {
      status: 'failed',
      error: { code: `http_${response.status}`, detail: `predict answered ${response.status}` },
    }
  return { status: 'succeeded', ...bytesOutput(bytes, contentType) }
}
