import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The path of a file of this package, found by the package's name: the same from the source and from the build.
 *
 * @param path - From the root of the package, such as `bin/no-tsconfig.json`.
 */
export function ownFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@incant/cli/package.json')), path)
}
