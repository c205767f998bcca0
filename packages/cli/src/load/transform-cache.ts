import { accessSync, constants, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The variable that tsx reads before it creates its cache. */
const VARIABLE = 'TSX_DISABLE_CACHE'

/**
 * Turns off the cache of tsx if it cannot be written: on a read-only file system, or if TMPDIR belongs to another user
 * or does not exist. tsx itself would fail then.
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
