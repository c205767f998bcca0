import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

// The command as it is built: `npm test` builds before it runs these.
const INCANT = fileURLToPath(new URL('../bin/incant.js', import.meta.url))

/** Where and with what a command runs. */
export interface ProcessOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** A command that runs it, and becomes it: `nsenter` with its options, for one. */
  readonly through?: readonly string[]
}

/** How a command ended. */
export interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface IncantProcess {
  /** The id of the process. */
  readonly id: number
  /** The line of the log that says the server is ready. */
  ready(): Promise<ReadyLine>
  /** What has been written so far. */
  readonly output: Readonly<Record<'stdout' | 'stderr', string>>
  readonly ended: Promise<Ending>
  kill(signal: NodeJS.Signals): void
}

/** What a server that logs JSON says when it is ready. */
export interface ReadyLine {
  readonly url: string
  readonly class: string
  readonly signature: string
  readonly curl: string
  readonly model?: string
}

/** Starts the command; it is killed when the test is over. */
export function startIncant(words: readonly string[], options: ProcessOptions): IncantProcess {
  const { cwd, env = {}, through = [] } = options
  const [program = process.execPath, ...all] = [...through, process.execPath, INCANT, ...words]
  const child = spawn(program, all, { cwd, env: { ...cleanEnvironment(), ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    output.stdout += chunk
  })
  child.stderr.on('data', chunk => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }))
  const ready = async (): Promise<ReadyLine> => {
    const line = findReadyLine(output.stdout)
    if (line !== undefined) return line
    const more = await Promise.race([once(child.stdout, 'data'), ended])
    if ('code' in more) throw new Error(`incant ended with ${more.code} before it was ready:\n${more.stderr}`)
    return ready()
  }
  return { id: child.pid ?? -1, ready, output, ended, kill: signal => void child.kill(signal) }
}

function findReadyLine(stdout: string): ReadyLine | undefined {
  const entries = stdout.split('\n').map(parseLine)
  return entries.find(entry => entry !== undefined && 'curl' in entry)
}

/** Runs the command to its end. */
export function runIncant(words: readonly string[], options: ProcessOptions): Promise<Ending> {
  return startIncant(words, options).ended
}

/** Serves a file on a free port, with the fewest words. */
export function serveFile(words: readonly string[], options: ProcessOptions): IncantProcess {
  return startIncant(['serve', ...words, '--port', '0', '--drain-delay', '0s'], options)
}

function parseLine(line: string): ReadyLine | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** This process's environment without what npm and vitest put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(INIT_CWD|npm_|VITEST|INCANT_|NODE_OPTIONS|NODE_ENV|FORCE_COLOR)/.test(name),
  )
  return Object.fromEntries(kept)
}
