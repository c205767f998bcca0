import { dirname } from 'node:path'
import { findUpwards } from '../../files/find-upwards.ts'
import { isForeign, isStandard, packageNameOf } from './origin.ts'
import { type PackageManifest, readPackage } from './project.ts'

/** The types of `incant/openai`, whose constraints a predictor's payload has. */
const REQUEST_TYPES = /\/(?:dist|src)\/openai\/[\w-]+(?:\.d)?\.ts$/

/** Which files' JSDoc counts. */
export interface CountedFiles {
  has(path: string): boolean
}

/**
 * The files whose JSDoc speaks to Incant: those of the user, of the package that the predictor is in, and of installed
 * packages that depend on `incant`. The comments of other packages were written for other tools.
 */
export class Sources implements CountedFiles {
  readonly #own: string | undefined
  readonly #known = new Map<string, boolean>()

  /** @param file - The predictor's. */
  constructor(file: string) {
    this.#own = packageFolder(dirname(file))
  }

  has(path: string): boolean {
    // A checkout of Incant has the package beside the user's files.
    if (isStandard(path) || packageNameOf(path) === 'incant') return REQUEST_TYPES.test(path)
    if (!isForeign(path)) return true
    const folder = dirname(path)
    const known = this.#known.get(folder) ?? this.#isAddressed(folder)
    this.#known.set(folder, known)
    return known
  }

  #isAddressed(folder: string): boolean {
    const root = packageFolder(folder)
    if (root === undefined) return false
    if (root === this.#own) return true
    const { peerDependencies, dependencies }: PackageManifest = readPackage(`${root}/package.json`)
    return [peerDependencies, dependencies].some(packages => packages?.['incant'] !== undefined)
  }
}

/** The folder of the package that a folder is in: the nearest with a manifest that has a name. */
function packageFolder(folder: string): string | undefined {
  const manifest = findUpwards(folder, 'package.json')
  if (manifest === undefined) return undefined
  const root = dirname(manifest)
  return readPackage(manifest).name === undefined ? packageFolder(dirname(root)) : root
}
