import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { LineAssembler } from '../node/log/line-assembler.ts'

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
  readonly channel: Duplex
  /** For the {@link ClaimLine}. */
  readonly claims: Duplex
}

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
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(main)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env, INCANT_REPLICA: String(index) },
  })
  const [, , , channel, claims] = child.stdio ?? []
  if (channel === undefined || channel === null || claims === undefined || claims === null) {
    child.on('error', () => {})
    throw new SpawnError()
  }
  // With 'pipe' the descriptors are sockets, both ways.
  const lines = { channel: channel as Duplex, claims: claims as Duplex }
  for (const line of [lines.channel, lines.claims]) line.on('error', () => {})
  return { child, ...lines }
}

/** Reads what a process writes past its console and streams, as native code does, line by line. */
export function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream === null) return
  const lines = new LineAssembler(onLine)
  stream.on('data', (chunk: Buffer) => lines.write(chunk))
  stream.on('close', () => lines.flush())
}
