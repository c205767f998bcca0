import { StartupError } from 'incant/internal/signature'
import { listTags, type Version } from './catalog.ts'
import type { Layout } from './layout.ts'
import type { Work } from './leases.ts'
import { versionJournal } from './records.ts'
import { moveTag } from './tag.ts'

/**
 * Removes a version, and with `force` the tags that point to it. Its name stays taken; its files go with the next collection
 * of garbage, if nothing else has them.
 *
 * @throws {StartupError} `model_in_use` if a tag points to it.
 */
export async function removeVersion(
  layout: Layout,
  { name, version }: Pick<Version, 'name' | 'version'>,
  { work, force }: { readonly work: Work; readonly force: boolean },
): Promise<void> {
  const tags = [...(await listTags(layout, name))].filter(([, target]) => target === version).map(([tag]) => tag)
  if (tags.length > 0 && !force) throw refuseTagged(`${name}:${version}`, tags)
  for (const tag of tags) await moveTag(layout, { name, tag, version: undefined }, work)
  const journal = versionJournal(layout, name, version)
  const { length } = await journal.read()
  // Another process that adds an entry has removed it.
  await journal.append({ removed: new Date().toISOString() }, { after: length, draft: work.draft() })
}

function refuseTagged(id: string, tags: readonly string[]): StartupError {
  return new StartupError({
    code: 'model_in_use',
    found: `${id} is ${tags.join(' and ')}`,
    instead: 'Move the tag to another version first, or remove both: --force',
  })
}
