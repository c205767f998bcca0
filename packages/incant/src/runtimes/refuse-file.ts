import { basename, relative } from 'node:path'
import { StartupError } from '../errors/startup-error.ts'

/** What to do about a file that is refused, and what its refusal comes from. */
interface Advice {
  readonly instead?: string | undefined
  readonly cause?: unknown
}

/** Refuses a model file. The words follow its name. */
export function refuseFile(file: string, found: string, { instead, cause }: Advice = {}): StartupError {
  return new StartupError({
    code: 'invalid_model_file',
    found: `${basename(file)} ${found}`,
    ...(instead === undefined ? {} : { instead }),
    location: { file: displayPath(file) },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** A path from the current folder, where the file is in it. */
function displayPath(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
