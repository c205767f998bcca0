import type { Cancellation } from '../../engine/cancellation.ts'
import { isOver } from '../../jobs/job.ts'
import { itemsOf, writeJob } from '../../jobs/job-document.ts'
import type { FoundJob } from './find-job.ts'

/** One thing that happened to a job. */
export interface JobEvent {
  /** Where it stands: what comes after it is asked for with it. */
  readonly id: string
  readonly event: 'start' | 'output' | 'log' | 'metric' | 'completed'
  /** JSON text. */
  readonly data: string
  /** Of an output: the number of the item, from 0. */
  readonly index: number
}

/** How much of a job was told. */
interface Position {
  started: boolean
  items: number
  logs: number
  /** The figures as they were told. After a break of the connection all are told again: the last value counts. */
  readonly metrics: Map<string, number>
}

/** Milliseconds between two looks at a job, where the store does not tell of changes. */
const LOOK = 1000

/** Looks without an event after which the reader gets a sign of life. */
const LOOKS_UNTIL_REST = 10

/** The events of a job until it is over, the reader leaves or the server ends. Undefined: nothing has happened for a while. */
export async function* listEvents(
  { job, jobs }: FoundJob,
  lastId: string,
  cancellation: Cancellation,
): AsyncGenerator<JobEvent | undefined, undefined> {
  const position = parse(lastId)
  for (let quiet = 1; !jobs.isEnding && cancellation.reason === undefined; quiet += 1) {
    const changed = jobs.waitForChange(job.key, LOOK)
    const seen = await jobs.store.get(job.key)
    if (seen === undefined) return undefined
    for await (const event of listNew({ job: seen, jobs }, position)) {
      yield event
      if (event.event === 'completed') return undefined
      quiet = 0
    }
    if (quiet > 0 && quiet % LOOKS_UNTIL_REST === 0) yield undefined
    await changed
  }
  return undefined
}

async function* listNew({ job, jobs }: FoundJob, position: Position): AsyncGenerator<JobEvent> {
  if (job.startedAt !== undefined && !position.started) {
    position.started = true
    yield event(position, 'start', JSON.stringify({ id: job.id, status: 'processing' }))
  }
  yield* listOutput({ job, jobs }, position)
  if (job.logs.length > position.logs) {
    const fresh = job.logs.slice(position.logs)
    position.logs = job.logs.length
    yield event(position, 'log', JSON.stringify(fresh))
  }
  for (const [name, value] of Object.entries(job.metrics)) {
    if (position.metrics.get(name) === value) continue
    position.metrics.set(name, value)
    yield event(position, 'metric', JSON.stringify({ name, value }))
  }
  if (isOver(job)) yield event(position, 'completed', await writeJob(jobs.store, job))
}

async function* listOutput({ job, jobs }: FoundJob, position: Position): AsyncGenerator<JobEvent> {
  const { output } = job
  if (output === undefined || output.count <= position.items) return
  if (output.form !== 'items') {
    position.items = output.count
    const { output: value }: { output: unknown } = JSON.parse(await writeJob(jobs.store, job))
    yield event(position, 'output', JSON.stringify(value))
    return
  }
  for (const part of await jobs.store.readOutput(job.key, position.items)) {
    const items = itemsOf(part, output.count).slice(Math.max(0, position.items - part.position))
    for (const item of items) {
      position.items += 1
      yield event(position, 'output', item)
    }
  }
}

function event({ started, items, logs }: Position, name: JobEvent['event'], data: string): JobEvent {
  return { id: `${Number(started)}.${items}.${logs}`, event: name, data, index: items - 1 }
}

function parse(id: string): Position {
  const [, started, items, logs] = /^([01])\.(\d{1,9})\.(\d{1,9})$/.exec(id) ?? []
  return { started: started === '1', items: Number(items ?? 0), logs: Number(logs ?? 0), metrics: new Map() }
}
