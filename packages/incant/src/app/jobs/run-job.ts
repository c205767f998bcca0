import { concatenate } from '../../collections/concatenate.ts'
import { runBackgroundTask } from '../../engine/background-task.ts'
import type { Cancellation } from '../../engine/cancellation.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { FaceAnswer } from '../../faces/model.ts'
import type { OnCancel } from '../../http/bounded-stream.ts'
import type { DocumentReader } from '../../http/document-reader.ts'
import { describeFailure } from '../../http/failure.ts'
import { isResponse } from '../../http/platform-objects.ts'
import { readPlainText } from '../../http/read-plain-body.ts'
import { toJSON } from '../../http/to-json.ts'
import type { Job, JobError } from '../../jobs/job.ts'
import type { JobStore } from '../../jobs/store.ts'
import { INTERRUPTED } from '../../jobs/transitions.ts'
import type { Logger } from '../../log/logger.ts'
import { formatSize } from '../../units/quantities.ts'
import { answerOfFace } from '../faces/answer-of-face.ts'
import type { CallModel } from '../faces/call-model.ts'
import { type Progress, ProgressWriter } from './progress-writer.ts'
import type { JobEnd, JobOutcome } from './settle-job.ts'

/** What a job runs with. */
export interface JobRun {
  readonly job: Job
  readonly cancellation: Cancellation
  readonly holder: string
  readonly store: JobStore
  readonly call: CallModel
  /** Reads large inputs. */
  readonly reader: DocumentReader | undefined
  readonly logger: Logger
  readonly limits: JobLimits
}

/** How long a job may run, in milliseconds, and how much it may produce, in bytes. */
export interface JobLimits {
  readonly timeout: number
  readonly output: number
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
  const { job, cancellation, store, holder, logger, limits } = run
  const writer = new ProgressWriter(addition => store.append({ key: job.key, holder, ...addition }))
  const tasks: (() => unknown)[] = []
  const timer = setTimeout(() => cancellation.cancel(new RequestError('deadline_exceeded')), limits.timeout)
  try {
    const onCancel: OnCancel = listener => cancellation.onCancel(listener)
    const payload = job.input ? await readPlainText(job.input, onCancel, run.reader) : undefined
    const output = await run.call({
      id: job.key,
      payload,
      answer: 'items',
      deadline: performance.now() + limits.timeout,
      cancellation,
      principal: job.principal,
      client: { address: undefined },
      report: writer,
      defer: task => tasks.push(task),
    })
    const end = await readAnswer(answerOfFace(output, { cancellation, onOver: () => {} }), writer, limits.output)
    return { kind: 'over', end: { ...(await endWriting(writer)), ...end } }
  } catch (thrown) {
    if (RequestError.is(thrown) && NOT_BEGUN.includes(thrown.code)) return { kind: 'notBegun' }
    // What was streamed until then stays.
    const rest = await endWriting(writer)
    const { reason } = cancellation
    if (reason instanceof JobCanceled) return { kind: 'over', end: { status: 'canceled', ...rest } }
    if (reason instanceof JobInterrupted)
      return { kind: 'interrupted', end: { status: 'failed', error: INTERRUPTED, ...rest } }
    if (thrown instanceof OutputTooLarge)
      return { kind: 'over', end: { status: 'failed', error: tooLarge(limits.output), ...rest } }
    const { code, detail, title } = describeFailure(thrown, job.key, logger)
    return { kind: 'over', end: { status: 'failed', error: { code, detail: detail ?? title }, ...rest } }
  } finally {
    clearTimeout(timer)
    for (const task of tasks) void runBackgroundTask(task, job.key, logger)
  }
}

/** A job has produced more than it may. */
class OutputTooLarge extends Error {
  override readonly name = 'OutputTooLarge'
}

function tooLarge(limit: number): JobError {
  return { code: 'output_too_large', detail: `The output is larger than ${formatSize(limit)}.` }
}

/** @throws {OutputTooLarge} */
function checkSize(size: number, limit: number): void {
  if (size > limit) throw new OutputTooLarge()
}

async function readAnswer(answer: FaceAnswer, writer: ProgressWriter, limit: number): Promise<JobEnd> {
  if (isResponse(answer)) return endOfResponse(answer, limit)
  if (answer.kind === 'value') return { status: 'succeeded', ...valueOutput(toJSON(answer.value), limit) }
  if (answer.kind === 'bytes')
    return { status: 'succeeded', ...bytesOutput(await readBytes(answer.body, limit), answer.contentType) }
  let size = 0
  for await (const item of answer.items) {
    size += item.length
    checkSize(size, limit)
    writer.add(item)
  }
  const returned = await answer.returned
  return { status: 'succeeded', ...(returned === undefined ? {} : { returned: toJSON(returned) }) }
}

/** Writes what is left. While the store is away it goes with the end of the job, which waits for the store. */
async function endWriting(writer: ProgressWriter): Promise<Progress> {
  await writer.flush().catch(() => {})
  return writer.take()
}

function valueOutput(data: string, limit: number): Pick<JobEnd, 'output' | 'data'> {
  checkSize(data.length, limit)
  return { output: { form: 'value', contentType: undefined, count: 1, size: data.length }, data }
}

function bytesOutput(data: Uint8Array, contentType: string): Pick<JobEnd, 'output' | 'data'> {
  return { output: { form: 'bytes', contentType, count: 1, size: data.length }, data }
}

async function readBytes(body: Uint8Array | AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    size += chunk.length
    checkSize(size, limit)
    chunks.push(chunk)
  }
  return concatenate(chunks)
}

/** A `Response` of predict: its status says whether it has failed. */
async function endOfResponse(response: Response, limit: number): Promise<JobEnd> {
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
  const bytes = await readBytes(response.body ?? new Uint8Array(), limit)
  if (!response.ok)
    return {
      status: 'failed',
      error: { code: `http_${response.status}`, detail: `predict answered ${response.status}` },
    }
  return { status: 'succeeded', ...bytesOutput(bytes, contentType) }
}
