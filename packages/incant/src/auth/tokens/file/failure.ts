import { StartupError } from '../../../errors/startup-error.ts'
import { UnfitFileError } from '../../../files/regular-file.ts'

/** The code of a failure of the system, such as `ENOENT`. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}

/** Explains why a file cannot be read or replaced; other failures are unchanged. */
export function describeFileFailure(thrown: unknown, path: string): unknown {
  if (thrown instanceof UnfitFileError)
    return new StartupError({
      code: 'permission_denied',
      found: thrown.message,
      instead: 'Name a file.',
      cause: thrown,
    })
  const code = systemCode(thrown)
  if (code === undefined || StartupError.is(thrown)) return thrown
  const [found, instead] = REASONS[code] ?? [`cannot be used: ${code}`, 'Fix it, or name another file.']
  return new StartupError({
    code: code === 'ENOENT' ? 'file_not_found' : 'permission_denied',
    found: `${path} ${found}`,
    instead,
    cause: thrown,
  })
}

const PERMISSION = [
  'cannot be used: permission denied',
  'Run this as the user that owns the file and its folder.',
] as const

const REASONS: Readonly<Record<string, readonly [found: string, instead: string]>> = {
  ENOENT: ['does not exist', 'Create it: incant token create --store FILE.'],
  EISDIR: ['is a folder', 'Name a file in it.'],
  ENOTDIR: ['is not inside a folder', 'Name a file in a folder.'],
  EROFS: ['is on a read-only file system', 'Change the tokens where the file comes from.'],
  EACCES: PERMISSION,
  EPERM: PERMISSION,
}
