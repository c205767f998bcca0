import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { type IncantProcess, serveFile } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import { type Exposition, scrapeUntil } from '../../packages/incant/test/metrics/_scrape.ts'

/** A server of the command, as a fault finds it. */
export interface FaultyServer {
  readonly process: IncantProcess
  readonly url: string
  readonly folder: string
  /** The status of a call, or what kept it from having one. */
  call(payload: object, headers?: Readonly<Record<string, string>>): Promise<number | string>
  /** The lines of the log so far; each one is JSON. */
  log(): readonly LogLine[]
  /** What `/metrics` says once it says what is asked. */
  metrics(holds: (found: Exposition) => boolean): Promise<Exposition>
}

/** A line of a log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** How a server is started. */
export interface FaultyOptions {
  readonly predictor: string
  readonly words?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly through?: readonly string[]
}

/** Serves a predictor in a folder of its own until the test is over. */
export async function startServer({
  predictor,
  words = [],
  files,
  through = [],
}: FaultyOptions): Promise<FaultyServer> {
  const folder = temporaryFolder({ 'predictor.ts': predictor, ...files })
  const server = serveFile(['predictor.ts', '--log-rate', '0', ...words], { cwd: folder, through })
  const { url } = await server.ready()
  return {
    ...{ process: server, url, folder },
    call: (payload, headers = {}) => callPredict(url, payload, headers),
    log: () => parseLog(server.output.stdout),
    metrics: holds => scrapeUntil({ url }, holds),
  }
}

/** Calls predict and reads the whole answer. */
export async function callPredict(url: string, payload: object, headers: Readonly<Record<string, string>> = {}) {
  try {
    const response = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify(payload), headers })
    await response.arrayBuffer()
    return response.status
  } catch (thrown) {
    return String(thrown)
  }
}

/** Takes a log apart; a line that is cut fails the test. */
export function parseLog(text: string): readonly LogLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

/** Ends a server as its supervisor does. Its exit code, or the signal that ended it. */
export async function stop({ process: server }: FaultyServer): Promise<number | null> {
  server.kill('SIGTERM')
  const { code } = await server.ended
  return code
}

/** Makes everybody who opens a file wait, until it is released. */
export async function hangOnOpen(path: string): Promise<{ release(): void }> {
  const script = fileURLToPath(new URL('hang-on-open.py', import.meta.url))
  const child = spawn('python3', [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const release = () => void child.kill('SIGKILL')
  onTestFinished(release)
  const [words] = await once(child.stdout, 'data')
  expect(String(words).trim()).toBe('hangs')
  return { release }
}

/**
 * Freezes a process as the runtime of a container does (cgroups(7)). Undefined where this machine lets nobody make a
 * control group.
 */
export function freeze(pid: number): { thaw(): void } | undefined {
  const freezer = FREEZERS.find(({ root }) => canMakeGroup(root))
  if (freezer === undefined) return undefined
  const { root, file, frozen, thawed } = freezer
  const group = mkdtempSync(join(root, 'incant-'))
  const thaw = () => {
    if (!existsSync(group)) return
    writeFileSync(join(group, file), thawed)
    // A group that has no process left can be removed.
    for (const member of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
      writeFileSync(join(root, 'cgroup.procs'), member)
    rmdirSync(group)
  }
  onTestFinished(thaw)
  writeFileSync(join(group, 'cgroup.procs'), String(pid))
  writeFileSync(join(group, file), frozen)
  return { thaw }
}

/** Version 2 of control groups, where it is the only one and where it is beside version 1, and version 1. */
const FREEZERS = [
  { root: '/sys/fs/cgroup', file: 'cgroup.freeze', frozen: '1', thawed: '0' },
  { root: '/sys/fs/cgroup/unified', file: 'cgroup.freeze', frozen: '1', thawed: '0' },
  { root: '/sys/fs/cgroup/freezer', file: 'freezer.state', frozen: 'FROZEN', thawed: 'THAWED' },
] as const

function canMakeGroup(root: string): boolean {
  if (!existsSync(join(root, 'cgroup.procs'))) return false
  try {
    rmdirSync(mkdtempSync(join(root, 'incant-')))
    return true
  } catch {
    return false
  }
}

/** A file system in memory of so many bytes, for as long as the test. */
export function mountSmallDisk(bytes: number): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return folder
}
