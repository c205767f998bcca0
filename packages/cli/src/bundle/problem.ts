import { StartupError } from 'incant/internal/signature'

/** The error of a project that cannot be built as it is. */
export function cannotBuild(found: string, instead: string, cause?: unknown): StartupError {
  return new StartupError({ code: 'cannot_build', found, instead, ...(cause === undefined ? {} : { cause }) })
}
