import { formatModelId, type ModelName, StartupError } from 'incant/internal/signature'
import { isOn, type ModelCall, printJSON, reportCreation } from './call.ts'
import { readTag } from './create.ts'
import { type Creation, createVersion } from './store/create-version.ts'
import type { Work } from './store/leases.ts'
import type { ModelManifest } from './store/manifest.ts'
import type { Description } from './store/records.ts'
import { readModelId, refuseReserved } from './store/reference.ts'
import { moveTag } from './store/tag.ts'

/** What is known of a version that comes from elsewhere, but for its files. */
export interface Origin extends Description {
  readonly id: ModelName
  /** Where it comes from, if from a remote place. */
  readonly source?: string | undefined
}

/** Makes a version of files that the store has by now, and moves the tags of `--tag` to it. */
export async function keepVersion(
  { layout, flags }: ModelCall,
  origin: Origin,
  { manifest, work }: { readonly manifest: ModelManifest; readonly work: Work },
): Promise<Creation> {
  const creation = await createVersion(layout, { ...origin, manifest }, work)
  const { name, version } = creation.version
  for (const tag of flags.get('tag') ?? []) await moveTag(layout, { name, tag, version }, work)
  return creation
}

/**
 * The name that is given, or the one that the version has where it comes from.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`.
 */
export function chooseName(call: ModelCall, given: string | undefined, own: ModelName | undefined): ModelName {
  for (const tag of call.flags.get('tag') ?? []) refuseReserved(readTag(tag), 'tag')
  if (given !== undefined) return readModelId(given)
  if (own !== undefined) return own
  throw new StartupError({
    code: 'missing_argument',
    found: 'what is read has no name of a model',
    instead: `Write: incant ${call.command.name} ${call.command.usage}`,
  })
}

/** Prints the version that is there now. */
export function printCreation(call: ModelCall, creation: Creation): number {
  if (isOn(call, 'json')) printJSON(call, { ...creation.version, isNew: creation.isNew })
  else call.print(formatModelId(creation.version))
  reportCreation(call, creation)
  return 0
}
