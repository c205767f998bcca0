import { accessSync, constants, statSync } from 'node:fs'
import { StartupError } from 'incant/internal/signature'
import { resolvePath } from './path.ts'

/**
 * The folder that `--model-path` names, absolute.
 *
 * @throws {StartupError} `model_not_found`, `permission_denied`.
 */
export function readModelPath(given: string): string {
  const path = resolvePath(given)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new StartupError({
      code: 'model_not_found',
      found: `--model-path ${given} is not a folder`,
      instead: 'Name the folder that contains the files of the model.',
    })
  }
  refuseUnreadable(given, path)
  return path
}

function refuseUnreadable(given: string, path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
  } catch (cause) {
    throw new StartupError({
      code: 'permission_denied',
      found: `--model-path ${given} cannot be read by this user`,
      instead: `Allow it: chmod u+rx ${given}`,
      cause,
    })
  }
}
