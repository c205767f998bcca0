import { userInfo } from 'node:os'
import { StartupError } from 'incant/internal/signature'
import { findVersion, listTags } from './catalog.ts'
import type { Layout } from './layout.ts'
import type { Work } from './leases.ts'
import { tagJournal } from './records.ts'
import { refuseReserved } from './reference.ts'

/** A tag and the version that it is to point to; without one, it is removed. */
export interface TagMove {
  readonly name: string
  readonly tag: string
  readonly version: string | undefined
}

/**
 * Moves a tag. Of moves at the same time, each is in the history, and the last one counts.
 *
 * @returns Where it pointed before.
 * @throws {StartupError} `invalid_option`, `model_exists`, `model_not_found`.
 */
export async function moveTag(layout: Layout, move: TagMove, work: Work): Promise<string | undefined> {
  const { name, tag, version } = move
  refuseReserved(tag, 'tag')
  await refuseVersionName(layout, move)
  if (version === undefined && !(await listTags(layout, name)).has(tag)) throw missing(move)
  const journal = tagJournal(layout, name, tag)
  for (;;) {
    const entries = await journal.read()
    const before = entries.at(-1)?.version ?? undefined
    if (before === version) return before
    const entry = { version: version ?? null, at: new Date().toISOString(), by: userName() }
    if (await journal.append(entry, { after: entries.length, draft: work.draft() })) return before
  }
}

async function refuseVersionName(layout: Layout, { name, tag }: TagMove): Promise<void> {
  if ((await findVersion(layout, name, tag)) === undefined) return
  throw new StartupError({
    code: 'model_exists',
    found: `${name}:${tag} is a version, and cannot be a tag as well`,
    instead: 'Choose another tag.',
  })
}

function missing({ name, tag }: TagMove): StartupError {
  return new StartupError({
    code: 'model_not_found',
    found: `${name} has no tag ${tag}`,
    instead: `To see its tags: incant model describe ${name}`,
  })
}

/** A container may run as a user that the system does not know. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
