import type { OptionDefinition } from 'incant/internal/options'
import type { Command } from './command-definition.ts'
import { CONNECTION_FLAGS } from './connection-flags.ts'
import { type CommandOption, type Flag, toFlag } from './option.ts'

/** What `incant jobs` can do. */
export type JobsAction = 'list' | 'show' | 'cancel' | 'retry'

/** Jobs that are listed at most. */
export const LIMIT: OptionDefinition & { readonly kind: 'integer' } = {
  kind: 'integer',
  default: 50,
  minimum: 1,
  maximum: 100_000,
  doc: 'Jobs to list at most, the newest first.',
}

/** Jobs that are listed. */
export const STATUS: OptionDefinition & { readonly kind: 'choice' } = {
  kind: 'choice',
  default: 'all',
  choices: ['all', 'starting', 'processing', 'succeeded', 'failed', 'canceled'],
  doc: 'Only jobs that wait (starting), run (processing) or have ended so.',
}

const FLAGS = {
  status: STATUS,
  limit: LIMIT,
  json: { kind: 'switch', doc: 'Print JSON.' },
  ...CONNECTION_FLAGS,
} as const satisfies Readonly<Record<string, CommandOption | OptionDefinition>>

const CONNECTION = Object.keys(CONNECTION_FLAGS) as (keyof typeof CONNECTION_FLAGS)[] // The keys of a literal.

/** Every action of `incant jobs` as a command with its help. No option is an environment variable. */
export const JOBS_COMMANDS: Readonly<Record<JobsAction, Command>> = {
  list: {
    name: 'jobs list',
    usage: 'URL',
    summary: 'List the jobs that were submitted with the same credentials, the newest first.',
    example: 'incant jobs list http://127.0.0.1:8000 --status failed',
    options: select('status', 'limit', 'json', ...CONNECTION),
  },
  show: {
    name: 'jobs show',
    usage: 'URL ID',
    summary: 'Show a job: its times, output, error, log and the webhook that reported its end.',
    example: 'incant jobs show http://127.0.0.1:8000 my-job',
    options: select('json', ...CONNECTION),
  },
  cancel: {
    name: 'jobs cancel',
    usage: 'URL ID...',
    summary:
      'Cancel jobs: at once those that wait; the signal of those that run fires. Those that are over stay as they are.',
    example: 'incant jobs cancel http://127.0.0.1:8000 my-job',
    options: select('json', ...CONNECTION),
  },
  retry: {
    name: 'jobs retry',
    usage: 'URL ID',
    summary: 'Submit the input and the metadata of a job again, as a new job without a webhook. Prints its id.',
    example: 'incant jobs retry http://127.0.0.1:8000 my-job',
    options: select('json', ...CONNECTION),
  },
}

function select(...names: readonly (keyof typeof FLAGS)[]): readonly Flag[] {
  return names.map(name => toFlag(name, FLAGS[name]))
}
