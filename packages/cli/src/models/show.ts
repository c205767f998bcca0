import { formatModelId } from 'incant/internal/signature'
import { hexOf } from '../content/digest.ts'
import { counted, showBytes } from '../terminal/quantity.ts'
import { table } from '../terminal/table.ts'
import { printable } from '../terminal/text.ts'
import type { Version } from './store/catalog.ts'
import type { Comparison } from './store/compare.ts'
import type { ModelFile } from './store/manifest.ts'
import type { TagEntry } from './store/records.ts'

/** Digits of a digest that tell versions apart at a glance. */
const SHORT = 12

/** A version with what points to it. */
export interface Listed extends Version {
  readonly tags: readonly string[]
}

/** Everything that is known of a version. */
export interface Described extends Listed {
  readonly contents: readonly ModelFile[]
  /** By tag, every move of it. */
  readonly history: Readonly<Record<string, readonly TagEntry[]>>
  /** Processes that read it: `4711 on host`. */
  readonly usedBy: readonly string[]
}

/** Versions as a table. */
export function showVersions(versions: readonly Listed[]): string {
  const rows = versions.map(version => [
    formatModelId(version),
    version.tags.join(',') || '-',
    hexOf(version.digest).slice(0, SHORT),
    String(version.files),
    showBytes(version.size),
    toMinute(version.created),
    version.description ?? '-',
  ])
  return table([['MODEL', 'TAGS', 'DIGEST', 'FILES', 'SIZE', 'CREATED', 'DESCRIPTION'], ...rows])
}

/** A version, one fact a line. */
export function showVersion(version: Described): string {
  const facts: readonly (readonly [string, string])[] = [
    ['model', formatModelId(version)],
    ['digest', version.digest],
    ['created', toMinute(version.created)],
    ['size', `${showBytes(version.size)} in ${counted(version.files, 'file')}`],
    ['description', version.description ?? ''],
    ['source', version.source ?? ''],
    ['tags', version.tags.join(', ')],
    ['used by', version.usedBy.join(', ')],
    ...Object.entries(version.metadata ?? {}).map(([key, value]) => ['metadata', `${key}=${value}`] as const),
  ]
  const moves = Object.entries(version.history).flatMap(([tag, entries]) =>
    entries.map(({ version: target, at, by }) => [toMinute(at), tag, target === null ? 'removed' : `to ${target}`, by]),
  )
  const files = version.contents.map(({ path, size, digest }) => [path, showBytes(size), hexOf(digest).slice(0, SHORT)])
  return [
    table(facts.filter(([, value]) => value !== '')),
    ...(moves.length === 0 ? [] : ['', table([['TAG MOVED', 'TAG', 'TO', 'BY'], ...moves])]),
    '',
    table([['FILE', 'SIZE', 'DIGEST'], ...files]),
  ].join('\n')
}

/** The differences of two versions, one a line. */
export function showComparison({ added, removed, changed, same }: Comparison): string {
  const lines = [
    ...removed.map(({ path, size }) => `- ${path}  ${showBytes(size)}`),
    ...added.map(({ path, size }) => `+ ${path}  ${showBytes(size)}`),
    ...changed.map(({ before, after }) => `~ ${after.path}  ${showBytes(before.size)} to ${showBytes(after.size)}`),
    `  ${counted(same, 'file')} the same`,
  ]
  return lines.map(printable).join('\n')
}

/** To the minute, in UTC. */
function toMinute(iso: string): string {
  return `${iso.slice(0, 16)}Z`
}
