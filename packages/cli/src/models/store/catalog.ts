import { formatModelId, type ModelName, StartupError } from 'incant/internal/signature'
import { suggest } from '../../report/suggest.ts'
import { listFolder } from './disk.ts'
import type { Layout } from './layout.ts'
import { type CreatedEntry, type TagEntry, tagJournal, versionJournal } from './records.ts'
import { LATEST } from './reference.ts'

/** A version of a model. */
export interface Version extends CreatedEntry {
  readonly name: string
  readonly version: string
}

/** Names of models that have versions, sorted. */
export async function listModels(layout: Layout): Promise<readonly string[]> {
  const names = await listFolder(layout.names)
  const versions = await Promise.all(names.map(name => listVersions(layout, name)))
  return names.filter((_, index) => versions[index]?.length !== 0)
}

/** The versions of a model, the oldest first. */
export async function listVersions(layout: Layout, name: string): Promise<readonly Version[]> {
  const words = await listFolder(layout.versions(name))
  const versions = await Promise.all(words.map(word => findVersion(layout, name, word)))
  return versions.filter(version => version !== undefined).sort(byAge)
}

/** A version by its own name. */
export async function findVersion(layout: Layout, name: string, version: string): Promise<Version | undefined> {
  const entries = await versionJournal(layout, name, version).read()
  const [first] = entries
  const isRemoved = entries.some(entry => 'removed' in entry)
  return first === undefined || !('digest' in first) || isRemoved ? undefined : { name, version, ...first }
}

/** Where the tags of a model point, by tag. */
export async function listTags(layout: Layout, name: string): Promise<ReadonlyMap<string, string>> {
  const tags = await listFolder(layout.tags(name))
  const histories = await Promise.all(tags.map(tag => tagHistory(layout, name, tag)))
  return new Map(
    tags.flatMap((tag, index) => {
      const version = histories[index]?.at(-1)?.version
      return version ? [[tag, version] as const] : []
    }),
  )
}

/** Every move of a tag, the oldest first. */
export function tagHistory(layout: Layout, name: string, tag: string): Promise<readonly TagEntry[]> {
  return tagJournal(layout, name, tag).read()
}

/**
 * The version that `NAME`, `NAME:VERSION` or `NAME:TAG` means now. A name alone is the newest.
 *
 * @throws {StartupError} `model_not_found`
 */
export async function resolveVersion(layout: Layout, id: ModelName): Promise<Version> {
  const { name, version: word = LATEST } = id
  const versions = await listVersions(layout, name)
  if (versions.length === 0) throw await missingModel(layout, name)
  const tags = await listTags(layout, name)
  const wanted = word === LATEST ? versions.at(-1)?.version : word
  const found = [wanted, tags.get(word)].map(one => versions.find(({ version }) => version === one))
  return found[0] ?? found[1] ?? refuseMissing(id, [...versions.map(({ version }) => version), ...tags.keys()])
}

async function missingModel(layout: Layout, name: string): Promise<StartupError> {
  const names = await listModels(layout)
  const nearest = suggest(name, names)
  const known = names.length === 0 ? '' : `The models are ${names.join(', ')}. `
  return new StartupError({
    code: 'model_not_found',
    found: `there is no model ${name} in ${layout.root}`,
    instead:
      nearest === undefined ? `${known}To make one: incant model create ${name} PATH` : `Did you mean ${nearest}?`,
  })
}

function refuseMissing(id: ModelName, words: readonly string[]): never {
  const nearest = suggest(id.version ?? '', words)
  throw new StartupError({
    code: 'model_not_found',
    found: `there is no version or tag ${formatModelId(id)}`,
    instead:
      nearest === undefined
        ? `${id.name} has ${words.join(', ')}.`
        : `Did you mean ${id.name}:${nearest}? ${id.name} has ${words.join(', ')}.`,
  })
}

function byAge(one: Version, other: Version): number {
  return (
    one.created.localeCompare(other.created, 'en') || one.version.localeCompare(other.version, 'en', { numeric: true })
  )
}
