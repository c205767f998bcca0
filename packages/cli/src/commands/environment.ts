import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { formatSize } from 'incant/internal/options'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'

/** Packages whose versions change how a predictor is read and loaded. */
const PACKAGES: readonly string[] = ['@incant/cli', 'incant', 'typescript', 'tsx', 'esbuild', 'hono']

/** Where control groups, version 2 and 1, say how much a container may have. */
const CPU_LIMIT = '/sys/fs/cgroup/cpu.max'
const MEMORY_LIMITS: readonly string[] = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']

/**
 * `incant env`: what a bug report needs to know of the machine. Of variables it prints the names alone, and no path.
 *
 * @returns The exit code.
 */
export function runEnvironmentCommand(words: readonly string[], environment: NodeJS.ProcessEnv): number {
  const parsed = parseCommand(COMMANDS.env, words)
  const text = parsed.kind === 'help' ? describeCommand(COMMANDS.env) : describeEnvironment(environment)
  process.stdout.write(`${text}\n`)
  return 0
}

function describeEnvironment(environment: NodeJS.ProcessEnv): string {
  const rows = [
    ...PACKAGES.map(name => [name, versionOf(name)] as const),
    ['node', `${process.versions.node} (v8 ${process.versions.v8}, openssl ${process.versions.openssl})`],
    ['system', `${process.platform} ${process.arch}, ${release()}`],
    ['processors', `${availableParallelism()} usable of ${cpus().length}${cpuLimit()}`],
    ['memory', `${formatSize(roundToMiB(totalmem()))}${memoryLimit()}`],
    ['variables', variableNames(environment) || 'none of INCANT_, NODE_, OTEL_'],
  ] as const
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')
}

function versionOf(name: string): string {
  try {
    const require = createRequire(import.meta.url)
    // The compiler's manifest is no export of its package on every version.
    const manifest: unknown = JSON.parse(readFileSync(findManifest(require, name), 'utf8'))
    return String(Reflect.get(Object(manifest), 'version'))
  } catch {
    return 'not found'
  }
}

function findManifest(require: NodeJS.Require, name: string): string {
  const folders = require.resolve.paths(name) ?? []
  const found = folders.map(folder => `${folder}/${name}/package.json`).find(path => readText(path) !== undefined)
  return found ?? require.resolve(`${name}/package.json`)
}

/** `cpu.max` has the microseconds of a period that may be used, or `max`. */
function cpuLimit(): string {
  const [quota, period] = (readText(CPU_LIMIT) ?? 'max').trim().split(' ')
  const share = Number(quota) / Number(period)
  return Number.isFinite(share) ? `, limited to ${Math.round(share * 100) / 100}` : ''
}

function memoryLimit(): string {
  const limit = Number(MEMORY_LIMITS.map(readText).find(text => text !== undefined))
  return Number.isFinite(limit) && limit < totalmem() ? `, limited to ${formatSize(roundToMiB(limit))}` : ''
}

function roundToMiB(bytes: number): number {
  return Math.round(bytes / 1024 ** 2) * 1024 ** 2
}

function variableNames(environment: NodeJS.ProcessEnv): string {
  const names = Object.keys(environment).filter(name => /^(INCANT|NODE|OTEL)_/.test(name))
  return names.sort().join(', ')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
