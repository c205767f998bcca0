import { isRequestErrorCode } from '../../errors/codes.ts'
import type { HeaderLines } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import { describeProblem, describeStatus, type Problem } from '../../http/problem.ts'
import { NO_STORE, respondProblem } from '../../http/respond.ts'
import { frameItem, itemFraming, negotiateStream } from '../../http/stream-framing.ts'
import type { Job } from '../../jobs/job.ts'
import { itemsOf } from '../../jobs/job-document.ts'
import type { FaceExchange } from '../exchange.ts'
import { type FoundJob, orUnavailable } from './find-job.ts'

/** The end of a job as `/predict` answers: the result without the object around it, or the problem document. */
export async function answerOutcome(
  exchange: FaceExchange,
  { job, jobs }: FoundJob,
  headers: HeaderLines,
): Promise<Answer> {
  if (job.status !== 'succeeded') return respondProblem(describeEnd(job, exchange.id), headers)
  const parts = await orUnavailable(jobs.store.readOutput(job.key, 0))
  const answer = (contentType: string, body: string | Uint8Array) =>
    new Answer(200, { 'Content-Type': contentType, ...NO_STORE, ...headers }, body)
  if (job.output?.form === 'items' || job.output === undefined) {
    const format = negotiateStream(exchange.headers.get('accept'))
    const items = parts.flatMap(part => itemsOf(part, Number.POSITIVE_INFINITY))
    return answer(itemFraming(format).contentType, items.map(item => frameItem(item, format)).join(''))
  }
  const data = parts[0]?.data ?? 'null'
  if (typeof data !== 'string') return answer(job.output.contentType ?? 'application/octet-stream', data)
  // As `/predict`: a text is itself.
  return data.startsWith('"')
    ? answer('text/plain; charset=utf-8', String(JSON.parse(data)))
    : answer('application/json', data)
}

function describeEnd({ status, error }: Job, requestId: string): Problem {
  if (status === 'canceled') return describeStatus(409, { requestId, detail: 'The job was canceled.' })
  const { code = 'internal', detail } = error ?? {}
  const own = /^http_(\d{3})$/.exec(code)?.[1]
  if (own !== undefined) return describeStatus(Number(own), { requestId, detail })
  return describeProblem(isRequestErrorCode(code) ? code : 'internal', { requestId, detail })
}
