import { StartupError } from 'incant'
import { describeExpectation, readOption } from 'incant/internal'
import { asksForHelp, chooseAction, describeActions } from '../arguments/actions.ts'
import { COMMANDS } from '../arguments/command.ts'
import type { Command } from '../arguments/command-definition.ts'
import type { Environment } from '../arguments/environment.ts'
import { describeCommand } from '../arguments/help.ts'
import { JOBS_COMMANDS, type JobsAction, LIMIT, STATUS } from '../arguments/jobs-command.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { readConnection } from '../connection/connection.ts'
import { ConnectionFailure } from '../connection/failure.ts'
import { ServerJobs } from '../jobs/server-jobs.ts'
import { showJob, showJobs } from '../jobs/show.ts'
import type { ShownJob } from '../jobs/shown-job.ts'
import { printable } from '../terminal/text.ts'

/** One call of `incant jobs`, read. */
interface Call {
  readonly command: Command
  readonly jobs: ServerJobs
  readonly ids: readonly string[]
  readonly flags: FlagValues
}

const ACTIONS: Readonly<Record<JobsAction, (call: Call) => Promise<void>>> = { list, show, cancel, retry }

/**
 * `incant jobs`: the jobs of a running server.
 *
 * @returns The exit code.
 * @throws {StartupError} `jobs_failed`, and those of the arguments.
 */
export async function runJobsCommand(words: readonly string[], environment: Environment): Promise<number> {
  const [first, ...rest] = words
  if (asksForHelp(first)) {
    process.stdout.write(`${describeActions(COMMANDS.jobs, JOBS_COMMANDS)}\n`)
    return 0
  }
  const action = chooseAction(JOBS_COMMANDS, first, `incant jobs has no command "${first}"`)
  const command = JOBS_COMMANDS[action]
  const parsed = parseCommand(command, rest)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(command, parsed.topic)}\n`)
    return 0
  }
  const { flags } = parsed
  const [url, ...ids] = parsed.positionals
  const connection = readConnection(url, command, { flags, environment })
  try {
    await ACTIONS[action]({ command, jobs: new ServerJobs(connection), ids, flags })
    return 0
  } catch (thrown) {
    throw thrown instanceof ConnectionFailure ? toStartupError(thrown, connection.url) : thrown
  }
}

async function list({ command, jobs, ids, flags }: Call): Promise<void> {
  refuseMore(command, ids, 0)
  const status = readFlag('--status', STATUS, flags.get('status')?.at(-1))
  const limit = Number(readFlag('--limit', LIMIT, flags.get('limit')?.at(-1)))
  const found = await jobs.list({ status: status === 'all' ? undefined : String(status), limit })
  print(flags, found, () => showJobs(found))
}

async function show({ command, jobs, ids, flags }: Call): Promise<void> {
  const job = await jobs.show(onlyId(command, ids))
  print(flags, job, () => showJob(job))
}

async function cancel({ command, jobs, ids, flags }: Call): Promise<void> {
  if (ids.length === 0) throw noId(command)
  const canceled: ShownJob[] = []
  for (const id of ids) canceled.push(await jobs.cancel(id))
  const describe = (id: string, status: string) =>
    status === 'processing' ? `${id} runs: it was asked to end` : `${id} is ${status}`
  print(flags, canceled, () => canceled.map(({ id, status }) => printable(describe(id, status))).join('\n'))
}

async function retry({ command, jobs, ids, flags }: Call): Promise<void> {
  const job = await jobs.retry(onlyId(command, ids))
  print(flags, job, () => printable(job.id))
}

function print(flags: FlagValues, value: unknown, describe: () => string): void {
  const text = flags.get('json')?.at(-1) === 'true' ? JSON.stringify(value, null, 2) : describe()
  process.stdout.write(`${text}\n`)
}

function readFlag(flag: string, definition: typeof LIMIT | typeof STATUS, given: string | undefined): unknown {
  const read = given === undefined ? definition.default : readOption(definition, given)
  if (read !== undefined) return read
  throw new StartupError({
    code: 'invalid_option',
    found: `${flag} is ${JSON.stringify(given)}`,
    instead: `Use ${describeExpectation(definition)}.`,
  })
}

function onlyId(command: Command, ids: readonly string[]): string {
  const [id] = ids
  if (id === undefined) throw noId(command)
  refuseMore(command, ids, 1)
  return id
}

function noId(command: Command): StartupError {
  return new StartupError({ code: 'missing_argument', found: 'no job was given', instead: `Write: ${command.example}` })
}

function refuseMore(command: Command, ids: readonly string[], most: number): void {
  if (ids.length <= most) return
  throw new StartupError({
    code: 'invalid_option',
    found: `incant ${command.name} takes ${most === 0 ? 'no job' : 'one job'}, and ${ids.length} were given`,
    instead: `Write: ${command.example}`,
  })
}

function toStartupError(failure: ConnectionFailure, { origin, pathname }: URL): StartupError {
  return new StartupError({
    code: 'jobs_failed',
    found: `${origin}${pathname.replace(/\/+$/, '')}: ${failure.message}`,
    instead: failure.instead,
    cause: failure,
  })
}
