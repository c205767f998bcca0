import { equalDigests, sha256 } from '../../auth/digest.ts'
import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { Job } from '../../jobs/job.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels } from '../model.ts'
import { type FoundJob, findJob, orUnavailable } from './find-job.ts'
import { type JobEvent, listEvents } from './job-events.ts'

/** Whether a caller asks for server-sent events. */
export function wantsEvents({ headers }: FaceExchange): boolean {
  return /\btext\/event-stream\b/i.test(headers.get('accept') ?? '')
}

/** What happens to a job, from its beginning or from behind `Last-Event-ID`: as Cog has it, or NDJSON where the caller asks for it. */
export async function streamEvents(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  return eventsAnswer(exchange, await findJob(exchange, models))
}

/** The events of a job as an answer. */
export function eventsAnswer(exchange: FaceExchange, found: FoundJob): Answer {
  const isLines = /\bapplication\/(?:x-)?ndjson\b/i.test(exchange.headers.get('accept') ?? '')
  return isLines
    ? answerEvents(exchange, found, { contentType: 'application/x-ndjson', write: writeLine, rest: '\n' })
    : answerEvents(exchange, found, { contentType: 'text/event-stream', write: writeEvent, rest: ':\n\n' })
}

/** The output alone, as Replicate's client reads it: `output` with plain text, `error`, `done`. */
export async function streamOutput(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { key = '' } = exchange.params
  const token = exchange.query.get('token') ?? ''
  const model = models.only
  // The route is open to all: its address has the secret, and the models of several are looked through.
  const all = model === undefined ? await models.list() : [model]
  for (const { jobs } of all) {
    const job = await orUnavailable(jobs?.store.get(key))
    if (jobs !== undefined && job !== undefined && (await isToken(token, job.token)))
      return answerEvents(
        exchange,
        { job, jobs },
        { contentType: 'text/event-stream', write: writePlain, rest: ':\n\n' },
      )
  }
  throw new RequestError('not_found', { detail: 'There is no such job.' })
}

/** In a time that does not depend on where the two differ. */
async function isToken(given: string, token: string): Promise<boolean> {
  return equalDigests(await sha256(given), await sha256(token))
}

/** How events are written. */
interface Framing {
  readonly contentType: string
  write(event: JobEvent): string
  /** Sent while nothing happens, so that nobody takes the connection for dead. */
  readonly rest: string
}

function answerEvents(exchange: FaceExchange, found: FoundJob, framing: Framing): Answer {
  const encoder = new TextEncoder()
  const events = listEvents(found, exchange.headers.get('last-event-id') ?? '', exchange.cancellation)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next()
        if (done === true) controller.close()
        else controller.enqueue(encoder.encode(value === undefined ? framing.rest : framing.write(value)))
      },
      async cancel() {
        await events.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Answer(200, { 'Content-Type': framing.contentType, 'Cache-Control': 'no-store' }, body)
}

function writeLine({ id, event, data }: JobEvent): string {
  return `{"id":${JSON.stringify(id)},"event":"${event}","data":${data}}\n`
}

/** As Cog writes it. */
function writeEvent(given: JobEvent): string {
  return `id: ${given.id}\nevent: ${given.event}\ndata: ${dataOfCog(given)}\n\n`
}

function dataOfCog({ event, data, index }: JobEvent): string {
  if (event === 'output') return `{"chunk":${data},"index":${index}}`
  if (event === 'log') return `{"source":"stdout","data":${data}}`
  return event === 'metric' ? `${data.slice(0, -1)},"mode":"replace"}` : data
}

/** Texts are themselves; other items are JSON. */
function writePlain({ id, event, data }: JobEvent): string {
  if (event === 'output') return frame(id, 'output', plain(data))
  if (event !== 'completed') return ''
  const { status, error }: Pick<Job, 'status'> & { error: string | null } = JSON.parse(data)
  const failed = status === 'failed' ? frame(id, 'error', JSON.stringify({ detail: error ?? 'failed' })) : ''
  return `${failed}${frame(id, 'done', status === 'canceled' ? '{"reason":"canceled"}' : status === 'failed' ? '{"reason":"error"}' : '{}')}`
}

function plain(data: string): string {
  const value: unknown = JSON.parse(data)
  return typeof value === 'string' ? value : data
}

function frame(id: string, event: string, data: string): string {
  return `id: ${id}\nevent: ${event}\n${data
    .split(/\r\n|[\r\n]/)
    .map(line => `data: ${line}\n`)
    .join('')}\n`
}
