import { isOn, type ModelCall, printJSON, readArguments } from './call.ts'
import { type Described, type Listed, showComparison, showVersion, showVersions } from './show.ts'
import { loadManifest } from './store/blobs.ts'
import { listModels, listTags, listVersions, resolveVersion, tagHistory, type Version } from './store/catalog.ts'
import { compareManifests } from './store/compare.ts'
import { listFolder } from './store/disk.ts'
import type { Layout } from './store/layout.ts'
import { readLeases } from './store/leases.ts'
import { readModelId } from './store/reference.ts'

/** `incant model list`. */
export async function list(call: ModelCall): Promise<number> {
  const [given] = readArguments(call, { least: 0, most: 1 })
  // A name that has no versions is an error, not an empty list.
  const names = given === undefined ? await listModels(call.layout) : [(await resolve(call, given)).name]
  const listed = (await Promise.all(names.map(name => listOne(call.layout, name)))).flat()
  if (isOn(call, 'json')) printJSON(call, listed)
  else if (listed.length > 0) call.print(showVersions(listed))
  else call.report(`there are no models in ${call.layout.root}; to make one: incant model create NAME PATH`)
  return 0
}

/** `incant model describe`. */
export async function describe(call: ModelCall): Promise<number> {
  const [given = ''] = readArguments(call, { least: 1 })
  const described = await describeVersion(call.layout, await resolve(call, given))
  if (isOn(call, 'json')) printJSON(call, described)
  else call.print(showVersion(described))
  return 0
}

/** `incant model diff`. */
export async function diff(call: ModelCall): Promise<number> {
  const ids = readArguments(call, { least: 2 })
  const versions = await Promise.all(ids.map(given => resolve(call, given)))
  const [before, after] = await Promise.all(versions.map(({ digest }) => loadManifest(call.layout, digest)))
  if (before === undefined || after === undefined) return 1
  const comparison = compareManifests(before, after)
  if (isOn(call, 'json')) printJSON(call, comparison)
  else call.print(showComparison(comparison))
  return before.digest === after.digest ? 0 : 1
}

function resolve({ layout }: ModelCall, given: string): Promise<Version> {
  return resolveVersion(layout, readModelId(given))
}

async function listOne(layout: Layout, name: string): Promise<readonly Listed[]> {
  const [versions, tags] = await Promise.all([listVersions(layout, name), listTags(layout, name)])
  return versions.map(version => ({ ...version, tags: tagsOf(version, tags) }))
}

async function describeVersion(layout: Layout, version: Version): Promise<Described> {
  const { name, digest } = version
  const [tags, words, { files }, { live }] = await Promise.all([
    listTags(layout, name),
    listFolder(layout.tags(name)),
    loadManifest(layout, digest),
    readLeases(layout),
  ])
  const histories = await Promise.all(words.map(async tag => [tag, await tagHistory(layout, name, tag)] as const))
  const users = live.filter(({ digests }) => digests.includes(digest))
  return {
    ...version,
    tags: tagsOf(version, tags),
    contents: files,
    history: Object.fromEntries(histories),
    usedBy: users.map(({ pid, machine }) => `process ${pid} on ${machine.split(' ')[0]}`),
  }
}

function tagsOf({ version }: Version, tags: ReadonlyMap<string, string>): readonly string[] {
  return [...tags].filter(([, target]) => target === version).map(([tag]) => tag)
}
