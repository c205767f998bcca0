import { StartupError } from 'incant/internal/signature'

/** The lengths that common file systems have room for. */
const MAX_PATH = 1024
const MAX_PART = 255

/**
 * Refuses paths of files that are no paths below a folder, on any system: `..`, absolute ones, a file that is a folder as well.
 *
 * @param origin - Where they come from, for errors.
 * @throws {StartupError} `invalid_model`
 */
export function checkPaths(paths: readonly string[], origin: string): void {
  const seen = new Set<string>()
  for (const path of paths) {
    const reason = seen.has(path) ? 'is there twice' : whyNot(path)
    if (reason !== undefined) throw refusePath(path, reason, origin)
    seen.add(path)
  }
  const inFile = paths.find(path => parents(path).some(parent => seen.has(parent)))
  if (inFile !== undefined) throw refusePath(inFile, 'is below a path that is a file', origin)
}

/** The error of a path that cannot be that of a file of a model. */
export function refusePath(path: string, reason: string, origin: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found: `${JSON.stringify(path)} in ${origin} ${reason}`,
    instead: 'A model has files and folders alone, below its own folder.',
  })
}

function whyNot(path: string): string | undefined {
  if (Buffer.byteLength(path) > MAX_PATH) return `has more than ${MAX_PATH} bytes`
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is an absolute path'
  if (/[\\\p{Cc}\p{Cs}]/u.test(path)) return 'has a backslash or a control character'
  const parts = path.split('/')
  if (parts.some(part => part === '' || part === '.' || part === '..')) return 'is not a path below a folder'
  return parts.some(part => Buffer.byteLength(part) > MAX_PART)
    ? `has a part of more than ${MAX_PART} bytes`
    : undefined
}

function parents(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}
