import { accessSync, constants, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What tsx looks at before it makes its cache. */
const VARIABLE = 'TSX_DISABLE_CACHE'

/**
 * Turns off the cache in which tsx keeps what it transformed where that cannot be written: a read-only file system, a
 * TMPDIR that belongs to somebody else or is not there. tsx itself fails then.
 */
export function avoidUnwritableCache(environment: NodeJS.ProcessEnv = process.env): void {
  if (environment[VARIABLE] === undefined && !isWritable(cacheFolder())) environment[VARIABLE] = '1'
}

/** The folder that tsx uses; see its `temporary-directory`. */
function cacheFolder(): string {
  return join(tmpdir(), `tsx-${process.geteuid?.() ?? process.env['USERNAME']}`)
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return isWritableNow(folder)
  }
}

function isWritableNow(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
