import { StartupError } from 'incant/internal/signature'
import { failedWith } from './disk.ts'

/**
 * Reports what the system refuses: a matter of the folder of the store, and not a bug.
 *
 * @throws {StartupError} `model_store`, or what was thrown.
 */
export function refuseSystem(thrown: unknown, root: string): never {
  if (!failedWith(thrown, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST')) throw thrown
  throw new StartupError({
    code: 'model_store',
    found: `the store of models cannot be used: ${String(Reflect.get(Object(thrown), 'message'))}`,
    instead: `Make room or give this user access to ${root}, or set INCANT_HOME to another folder.`,
    cause: thrown,
  })
}
