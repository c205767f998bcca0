import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { LineAssembler } from '../process/log/line-assembler.ts'
import { BegunFile } from './wire/begun-file.ts'
import type { Line } from './wire/channel.ts'

/** How a replica's process is started. */
export interface SpawnOptions {
  /** Which of the engine's replicas it is, counted from 0; its successor has the same. */
  readonly index: number
  /** The main module of the process. */
  readonly main: URL
  /** Options of node itself, such as `--max-old-space-size=512`. */
  readonly execArgv: readonly string[]
  /** Added to the environment of the front. */
  readonly env: Readonly<Record<string, string>>
}

/** A process and the lines to it. */
export interface SpawnedReplica {
  readonly child: ChildProcess
  /** For the {@link Channel}. */
  readonly channel: Line
  /** For the {@link ClaimLine}. */
  readonly claims: Line
  /** The calls that predict has begun. */
  readonly begun: BegunFile
}

/** Descriptors beside the standard ones: two lines, each with one for every direction. */
const LINES = 4

/** No process could be made. */
export class SpawnError extends Error {
  override readonly name = 'SpawnError'

  constructor() {
    super('no process could be started: the system has no file descriptor left')
  }
}

/**
 * Starts a process.
 *
 * @throws {SpawnError} Where the system has no file descriptor left.
 */
export function spawnReplica({ index, main, execArgv, env }: SpawnOptions): SpawnedReplica {
  const begun = new BegunFile()
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(main)], {
    stdio: ['ignore', ...Array<'pipe'>(2 + LINES).fill('pipe'), begun.fd ?? 'ignore'],
    env: { ...process.env, ...env, INCANT_REPLICA: String(index) },
  })
  child.on('error', () => begun.close())
  const [toReplica, fromReplica, takeBacks, claims] = listLines(child)
  return {
    child,
    channel: { output: toReplica, input: fromReplica },
    claims: { output: takeBacks, input: claims },
    begun,
  }
}

/** The streams beside the standard ones. With 'pipe' they are sockets, of which each is used one way. */
function listLines(child: ChildProcess): [Duplex, Duplex, Duplex, Duplex] {
  const lines = (child.stdio ?? []).slice(3) as (Duplex | null)[]
  const [first, second, third, fourth] = lines
  if (!first || !second || !third || !fourth) throw new SpawnError()
  for (const line of [first, second, third, fourth]) line.on('error', () => {})
  return [first, second, third, fourth]
}

/** Reads what a process writes past its console and streams, as native code does, line by line. */
export function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream === null) return
  const lines = new LineAssembler(onLine)
  stream.on('data', (chunk: Buffer) => lines.write(chunk))
  stream.on('close', () => lines.flush())
}
