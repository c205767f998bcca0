import { table } from '../terminal/table.ts'
import { printable } from '../terminal/text.ts'
import type { ShownJob } from './shown-job.ts'

/** Characters of an output that are printed. */
const LONGEST = 4000

/** Jobs as a table. */
export function showJobs(jobs: readonly ShownJob[]): string {
  if (jobs.length === 0) return 'no jobs'
  const rows = jobs.map(job => [
    job.id,
    job.status,
    job.model ?? '-',
    timeOf(job.created_at),
    secondsOf(job.metrics?.['queue_time']),
    secondsOf(job.metrics?.['predict_time']),
    job.error ?? '-',
  ])
  return table([['ID', 'STATUS', 'MODEL', 'CREATED', 'WAITED', 'RAN', 'ERROR'], ...rows])
}

/** All of a job. Its log comes last, line by line. */
export function showJob(job: ShownJob): string {
  const { queue_time: waited, predict_time: ran, total_time: _, ...figures } = job.metrics ?? {}
  const rows = [
    ['id', job.id],
    ['status', job.progress === undefined ? job.status : `${job.status} (${Math.round(job.progress * 100)} %)`],
    ['model', job.model],
    ['created', job.created_at],
    ['started', job.started_at],
    ['completed', job.completed_at],
    ['waited', waited === undefined ? undefined : secondsOf(waited)],
    ['ran', ran === undefined ? undefined : secondsOf(ran)],
    [
      'error',
      job.error == null ? undefined : `${job.error}${job.error_code === undefined ? '' : ` (${job.error_code})`}`,
    ],
    ['webhook', webhookOf(job)],
    ['metrics', Object.keys(figures).length === 0 ? undefined : write(figures)],
    ['metadata', job.metadata == null ? undefined : write(job.metadata)],
    ['input', 'input' in job ? write(job.input) : 'not kept'],
    ['output', job.data_removed === true ? 'removed: its time was over' : write(job.output)],
    ['returned', 'returned' in job ? write(job.returned) : undefined],
  ].flatMap(([name, value]) => (name == null || value == null ? [] : [[name, value]]))
  return [table(rows), ...linesOf(job.logs)].join('\n')
}

function webhookOf({ webhook_delivery: delivery }: ShownJob): string | undefined {
  if (delivery?.status === undefined) return undefined
  const { status, attempts, failure } = delivery
  return `${status.replaceAll('_', ' ')} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${failure == null ? '' : `: ${failure}`}`
}

function linesOf(logs = ''): readonly string[] {
  if (logs === '') return []
  return [
    'log',
    ...logs
      .replace(/\n$/, '')
      .split('\n')
      .map(line => `  ${printable(line)}`),
  ]
}

function write(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters; --json prints all)` : text
}

function timeOf(iso: string | undefined): string {
  return iso === undefined ? '-' : `${iso.slice(0, 19)}Z`
}

function secondsOf(value: unknown): string {
  return typeof value === 'number' ? `${value.toFixed(value < 10 ? 2 : 0)} s` : '-'
}
