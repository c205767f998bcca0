import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { MANIFEST } from '../files/model-manifest.ts'
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
  const folder = folderOfModel(path)
  if (readdirSync(folder).length > 0) return folder
  throw new StartupError({
    code: 'model_not_found',
    found: `--model-path ${given} is an empty folder`,
    instead: 'Mount the files of the model there. An image whose layers are no tar archives mounts as nothing.',
  })
}

/** An image of a model has its files below `models`, where KServe looks for them. */
export function folderOfModel(path: string): string {
  const inner = join(path, 'models')
  return !existsSync(join(path, MANIFEST)) && existsSync(join(inner, MANIFEST)) ? inner : path
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
