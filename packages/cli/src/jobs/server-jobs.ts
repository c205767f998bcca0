import { ask, type Question } from '../connection/ask.ts'
import type { Connection } from '../connection/connection.ts'
import { ConnectionFailure } from '../connection/failure.ts'
import { printable } from '../terminal/text.ts'
import { isJob, type ShownJob } from './shown-job.ts'

/** What is listed. */
export interface Listing {
  readonly status: string | undefined
  readonly limit: number
}

/** The jobs of a server, over HTTP. Each method throws a {@link ConnectionFailure} where it cannot be done. */
export class ServerJobs {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The newest first. Pages are read until there are enough. */
  async list({ status, limit }: Listing): Promise<readonly ShownJob[]> {
    const jobs: ShownJob[] = []
    const filter = status === undefined ? {} : { status }
    for (let cursor: string | undefined = ''; cursor !== undefined && jobs.length < limit; ) {
      const query = new URLSearchParams({ ...filter, ...(cursor === '' ? {} : { cursor }) })
      const page = readPage(await this.#ask({ method: 'GET', path: `/predictions?${query}` }))
      jobs.push(...page.jobs)
      cursor = page.jobs.length === 0 ? undefined : page.next
    }
    return jobs.slice(0, limit)
  }

  async show(id: string): Promise<ShownJob> {
    return readJob(await this.#ask({ method: 'GET', path: pathOf(id) }, id))
  }

  /** Returns the job as it is then: one that runs ends later. */
  async cancel(id: string): Promise<ShownJob> {
    return readJob(await this.#ask({ method: 'POST', path: `${pathOf(id)}/cancel` }, id))
  }

  /** Submits the input of a job again. Returns the new one. */
  async retry(id: string): Promise<ShownJob> {
    const job = await this.show(id)
    if (!('input' in job)) throw withoutInput(id, job.data_removed === true)
    const { input, model, metadata } = job
    const body = JSON.stringify({ input, model, ...(metadata == null ? {} : { metadata }) })
    const headers = { prefer: 'respond-async' }
    return readJob(await this.#ask({ method: 'POST', path: '/predictions', headers, body }))
  }

  async #ask(question: Question, id?: string): Promise<unknown> {
    const { status, body } = await ask(this.#connection, question)
    if (status >= 200 && status < 300) return body
    throw refusedBy(status, body, { id, hasToken: this.#connection.hasToken })
  }
}

function pathOf(id: string): string {
  return `/predictions/${encodeURIComponent(id)}`
}

function readJob(body: unknown): ShownJob {
  if (isJob(body)) return body
  throw noJobs()
}

/** The address of the next page is the server's own, which a proxy may have hidden: only its cursor counts. */
function readPage(body: unknown): { readonly jobs: readonly ShownJob[]; readonly next: string | undefined } {
  if (typeof body !== 'object' || body === null || !('results' in body) || !Array.isArray(body.results)) throw noJobs()
  const next = 'next' in body && typeof body.next === 'string' ? body.next : undefined
  const cursor = next !== undefined && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null
  return { jobs: body.results.filter(isJob), next: cursor ?? undefined }
}

function noJobs(): ConnectionFailure {
  return new ConnectionFailure('its answer is no job', 'Name the address of a server with --protocol jobs.')
}

function withoutInput(id: string, isRemoved: boolean): ConnectionFailure {
  return new ConnectionFailure(
    `the input of the job ${printable(id)} is not there: ${isRemoved ? 'its time was over' : 'the server does not keep inputs'}`,
    'Submit it again from where it came.',
  )
}

interface Refusal {
  readonly id: string | undefined
  readonly hasToken: boolean
}

/** What the server says comes from elsewhere: a terminal gets nothing that it would obey. */
function refusedBy(status: number, body: unknown, { id, hasToken }: Refusal): ConnectionFailure {
  const { code, detail, title }: { code?: unknown; detail?: unknown; title?: unknown } = Object(body)
  if (status === 401 || status === 403)
    return hasToken
      ? new ConnectionFailure(`the server does not take the token (${status})`, 'Use one that may call predict.')
      : new ConnectionFailure(
          `the server requires a token (${status})`,
          'Put it into a variable or a file: --token-env NAME or --token-file FILE.',
        )
  const isMissing = status === 404 && id !== undefined && detail === 'There is no such job.'
  if (isMissing)
    return new ConnectionFailure(
      `there is no job ${printable(id)} of these credentials`,
      'To see those that there are, write: incant jobs list URL',
    )
  if (status === 404) return noJobs()
  const told = typeof detail === 'string' ? detail : typeof title === 'string' ? title : ''
  return new ConnectionFailure(
    `the server answers ${status}${typeof code === 'string' ? ` ${printable(code)}` : ''}${told === '' ? '' : `: ${printable(told)}`}`,
    status >= 500 ? 'Try again in a moment.' : 'Change what is asked of it.',
  )
}
