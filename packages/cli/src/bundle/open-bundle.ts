import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { digestOf } from './digest.ts'
import { type BundleManifest, MANIFEST, MODEL } from './manifest.ts'

/**
 * Reads the manifest of a bundle, and checks the digests of its code, signature and other small files. Packages may be
 * large: `incant build --verify` checks those. Models are checked by the lists of their files.
 *
 * @param root - The folder, absolute.
 * @throws {StartupError} `invalid_bundle`.
 */
export function openBundle(root: string): BundleManifest {
  const manifest = readManifest(root)
  const changed = Object.entries(manifest.files).find(
    ([path, sha256]) => !path.startsWith(`${MODEL}/`) && digestOfFile(join(root, path)) !== sha256,
  )
  if (changed === undefined) return manifest
  throw changedFile(changed[0])
}

/**
 * Reads the manifest of a bundle.
 *
 * @throws {StartupError} `invalid_bundle`.
 */
export function readManifest(root: string): BundleManifest {
  const manifest: Partial<BundleManifest> | undefined = parse(join(root, MANIFEST))
  // Written by incant build: what is not, has no version.
  if (manifest?.version === 1) return manifest as BundleManifest
  throw new StartupError({
    code: 'invalid_bundle',
    found: manifest === undefined ? `there is no ${MANIFEST} that can be read` : `${MANIFEST} is of another version`,
    instead: 'Build it again: incant build FILE --out DIR',
  })
}

function parse(path: string): Partial<BundleManifest> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The error of a file that is not as it was built. */
export function changedFile(path: string): StartupError {
  return new StartupError({
    code: 'invalid_bundle',
    found: `${path} is not as it was built`,
    instead: 'Build the bundle again, or copy it anew: incant build FILE --out DIR',
  })
}

function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path))
  } catch {
    return undefined
  }
}
