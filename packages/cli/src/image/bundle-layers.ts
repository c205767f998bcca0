import { join } from 'node:path'
import { isPackageFile } from '../bundle/files.ts'
import { BUILDER_FILES, MODEL, RUNTIME } from '../bundle/manifest.ts'
import type { TarEntry } from '../content/tar.ts'
import { fileEntry, withFolders } from './entries.ts'
import type { LayerParts } from './write-layer.ts'

/** Where a bundle is in an image. */
export const PLACE = '/app'

/** Groups of files, that which changes least first: a push sends the groups that have changed. */
const GROUPS: readonly { readonly createdBy: string; readonly has: (path: string) => boolean }[] = [
  { createdBy: 'packages', has: path => isPackageFile(path) || path === 'package.json' || path === 'sbom.cdx.json' },
  { createdBy: 'incant', has: path => path.startsWith(`${RUNTIME}/`) || path === 'server.js' },
  { createdBy: 'model', has: path => path.startsWith(`${MODEL}/`) },
  { createdBy: 'code', has: path => !BUILDER_FILES.includes(path) },
]

/**
 * The layers of a bundle: packages, Incant, the model, the code.
 *
 * @param files - Their paths from the root of the bundle, sorted.
 */
export function bundleLayers(bundle: string, files: readonly string[]): readonly LayerParts[] {
  return GROUPS.map(({ createdBy }, index) => ({
    createdBy,
    entries: withFolders(files.filter(path => groupOf(path) === index).map(path => toEntry(bundle, path))),
  })).filter(({ entries }) => entries.length > 0)
}

/** The first group that has a file. */
function groupOf(path: string): number {
  return GROUPS.findIndex(({ has }) => has(path))
}

function toEntry(bundle: string, path: string): TarEntry {
  return fileEntry(`${PLACE.slice(1)}/${path}`, join(bundle, path))
}
