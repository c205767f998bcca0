import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * A path as its author meant it: from the current folder. `npm run` moves to the package's folder before it starts a
 * script, so what is not found there is looked for from the folder npm was called in (`INIT_CWD`).
 */
export function resolvePath(path: string, initialFolder: string | undefined = process.env['INIT_CWD']): string {
  const here = resolve(path)
  if (initialFolder === undefined || existsSync(here)) return here
  const there = resolve(initialFolder, path)
  return existsSync(there) ? there : here
}
