import { formatModelId, StartupError } from 'incant/internal/signature'
import { resolvePath } from '../arguments/path.ts'
import { inParallel } from '../transfer/parallel.ts'
import { flagValue, isOn, type ModelCall, printJSON, readArguments, reportCreation, withBar } from './call.ts'
import { addFile } from './store/blobs.ts'
import { createVersion } from './store/create-version.ts'
import { type Work, withWork } from './store/leases.ts'
import { type ModelManifest, makeManifest } from './store/manifest.ts'
import { readSource, type SourceFile } from './store/read-source.ts'
import type { Description } from './store/records.ts'
import { readModelId, refuseReserved } from './store/reference.ts'
import { moveTag } from './store/tag.ts'

/** Files that are copied at the same time. */
const PARALLEL = 4

/** `incant model create`. */
export async function create(call: ModelCall): Promise<number> {
  const [given = '', path = ''] = readArguments(call, { least: 2 })
  const id = readModelId(given)
  const tags = call.flags.get('tag') ?? []
  for (const tag of tags) refuseReserved(readTag(tag), 'tag')
  const described = readDescription(call)
  const sources = await readSource(resolvePath(path), { followLinks: isOn(call, 'followLinks') })
  const creation = await withWork(call.layout, async work => {
    const manifest = await store(call, sources, work)
    const made = await createVersion(call.layout, { id, manifest, ...described }, work)
    const { name, version } = made.version
    for (const tag of tags) await moveTag(call.layout, { name, tag, version }, work)
    return made
  })
  if (isOn(call, 'json')) printJSON(call, { ...creation.version, isNew: creation.isNew })
  else call.print(formatModelId(creation.version))
  reportCreation(call, creation)
  return 0
}

async function store(call: ModelCall, sources: readonly SourceFile[], work: Work): Promise<ModelManifest> {
  const total = sources.reduce((sum, { size }) => sum + size, 0)
  return withBar(call, { label: 'storing', total }, async onBytes =>
    makeManifest(
      await inParallel(sources, PARALLEL, async ({ path, file }) => {
        const blob = await addFile(call.layout, file, work)
        onBytes(blob.size)
        return { path, ...blob }
      }),
    ),
  )
}

/**
 * `--description` and `--metadata`.
 *
 * @throws {StartupError} `invalid_option`
 */
export function readDescription(call: ModelCall): Description {
  const description = flagValue(call, 'description')
  const pairs = (call.flags.get('metadata') ?? []).map(readPair)
  return {
    ...(description === undefined ? {} : { description }),
    ...(pairs.length === 0 ? {} : { metadata: Object.fromEntries(pairs) }),
  }
}

function readPair(text: string): readonly [string, string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key !== undefined && value !== undefined) return [key, value]
  throw new StartupError({
    code: 'invalid_option',
    found: `--metadata is ${JSON.stringify(text)}`,
    instead: 'Write a key and a value: --metadata accuracy=0.93',
  })
}

/**
 * A word that can be a tag.
 *
 * @throws {StartupError} `invalid_option`
 */
export function readTag(given: string): string {
  const { name, version } = readModelId(given)
  if (version === undefined) return name
  throw new StartupError({
    code: 'invalid_option',
    found: `"${given}" is not a tag`,
    instead: 'Write one word, such as production.',
  })
}
