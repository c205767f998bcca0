import { readFileSync } from 'node:fs'
import { displayPath } from '../files/display-path.ts'
import { cannotBuild } from './problem.ts'

/** Packages by name, with the versions that are asked for. */
export type Dependencies = Readonly<Record<string, string>>

/** What is read of a package.json. */
export interface PackageManifest {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly license?: string | { readonly type?: string }
  readonly packageManager?: string
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
  readonly optionalDependencies?: Dependencies
  readonly peerDependencies?: Dependencies
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly engines?: Readonly<Record<string, string>>
}

/**
 * Reads a package.json.
 *
 * @throws {StartupError} `cannot_build`.
 */
export function readPackage(path: string): PackageManifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw cannotBuild(`${displayPath(path)} cannot be read as JSON`, 'Correct it.', cause)
  }
}
