import type { BigIntStats } from 'node:fs'
import type { Logger } from '../../../log/logger.ts'
import { invalidAuth } from '../../invalid-auth.ts'

const WRITABLE_BY_OTHERS = 0o022
const READABLE_BY_ALL = 0o004

/**
 * Refuses a file that others may write: they could add tokens. A file that others may read is logged once, at the
 * start: it contains names and hashes from which no token can be found, and Kubernetes mounts secrets like that.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function checkAccess(path: string, found: BigIntStats, logger?: Logger): void {
  // Windows has access lists, and modes that mean nothing.
  if (globalThis.process?.platform === 'win32') return
  const mode = Number(found.mode)
  if (mode & WRITABLE_BY_OTHERS) {
    throw invalidAuth(`${path} is writable by other users, so they could add tokens`, `chmod 600 ${path}`)
  }
  if (mode & READABLE_BY_ALL) {
    logger?.log('warn', 'every user of this machine can read the names of the tokens', {
      file: path,
      instead: 'chmod 600',
    })
  }
}
