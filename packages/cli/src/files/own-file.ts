import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The folder of this package, found by its name: the same from the source and from the build. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve('@incant/cli/package.json'))

/**
 * The path of a file of this package.
 *
 * @param path - From the root of the package, such as `bin/no-tsconfig.json`.
 */
export function ownFile(path: string): string {
  return join(PACKAGE, path)
}
