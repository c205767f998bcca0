import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, digestPaths } from './digest.ts'
import { isPackageFile, listFiles } from './files.ts'
import { BUILDER_FILES, MANIFEST } from './manifest.ts'
import { changedFile, readManifest } from './open-bundle.ts'

/**
 * Checks every file of a bundle against its digest, those of packages and the model too.
 *
 * @returns How many there are.
 * @throws {StartupError} `invalid_bundle`, with the first that is not as it was built.
 */
export function verifyBundle(root: string): number {
  const manifest = readManifest(root)
  const digests = listFiles(root)
    .filter(path => path !== MANIFEST && !BUILDER_FILES.includes(path))
    .map(path => [path, digestOf(readFileSync(join(root, path)))] as const)
  const packages = digests.filter(([path]) => isPackageFile(path))
  const others = new Map(digests.filter(([path]) => !isPackageFile(path)))
  const names = new Set([...Object.keys(manifest.files), ...others.keys()])
  const changed = [...names].find(path => others.get(path) !== manifest.files[path])
  if (changed !== undefined) throw changedFile(changed)
  if (digestPaths(packages) !== manifest.packages.sha256) throw changedFile('node_modules')
  return digests.length
}
