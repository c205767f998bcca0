import { join } from 'node:path'
import * as v from 'valibot'
import { type Digest, isDigest } from '../../content/digest.ts'
import { Journal } from './journal.ts'
import type { Layout } from './layout.ts'

/** What the creator of a version says of it. */
export interface Description {
  readonly description?: string | undefined
  /** Free pairs of a key and a value. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** The first entry of the journal of a version. */
export interface CreatedEntry extends Description {
  readonly digest: Digest
  /** Bytes and number of its files. */
  readonly size: number
  readonly files: number
  /** ISO 8601. */
  readonly created: string
  /** Where its files came from, if from another store: `registry.example.com/words@sha256:…`. */
  readonly source?: string | undefined
}

/** The last entry of the journal of a version that is gone. Its name is never given again. */
export interface RemovedEntry {
  /** ISO 8601. */
  readonly removed: string
}

/** A move of a tag. */
export interface TagEntry {
  /** Where it points from now on; `null`: it is gone. */
  readonly version: string | null
  /** ISO 8601. */
  readonly at: string
  /** The user of the system who moved it. */
  readonly by: string
}

const TEXTS = v.record(v.string(), v.string())
const CREATED: v.GenericSchema<unknown, CreatedEntry> = v.object({
  digest: v.custom<Digest>(value => typeof value === 'string' && isDigest(value)),
  size: v.number(),
  files: v.number(),
  created: v.string(),
  description: v.optional(v.string()),
  metadata: v.optional(TEXTS),
  source: v.optional(v.string()),
})
const VERSION_ENTRY: v.GenericSchema<unknown, CreatedEntry | RemovedEntry> = v.union([
  CREATED,
  v.object({ removed: v.string() }),
])
const TAG_ENTRY: v.GenericSchema<unknown, TagEntry> = v.object({
  version: v.nullable(v.string()),
  at: v.string(),
  by: v.string(),
})

/** The journal of a version. */
export function versionJournal(layout: Layout, name: string, version: string): Journal<CreatedEntry | RemovedEntry> {
  return new Journal(join(layout.versions(name), version), VERSION_ENTRY)
}

/** The journal of a tag. */
export function tagJournal(layout: Layout, name: string, tag: string): Journal<TagEntry> {
  return new Journal(join(layout.tags(name), tag), TAG_ENTRY)
}
