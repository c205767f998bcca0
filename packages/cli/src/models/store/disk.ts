import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from 'incant/internal/signature'

/** Whether a call of the file system failed for one of these reasons. */
export function failedWith(thrown: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(Reflect.get(Object(thrown), 'code')))
}

/** Writes a new file; its bytes are on disk when this returns. It may be half written when the process dies. */
export async function writeNew(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Puts a finished file or folder in its place, for good. A file that is there is replaced. */
export async function moveTo(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  await syncFolder(dirname(to))
}

/**
 * Gives a finished file a further name that nobody has taken. Of any number of processes that try it at once, one succeeds.
 *
 * @returns Whether it was this one.
 * @throws {StartupError} `model_store` where the file system has no hard links.
 */
export async function claim(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await link(from, to)
  } catch (thrown) {
    if (failedWith(thrown, 'EEXIST')) return false
    if (failedWith(thrown, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw withoutLinks(to, thrown)
    throw thrown
  }
  await syncFolder(dirname(to))
  return true
}

/** Moves a file or folder, unless it is gone or something is in its new place. */
export async function tryToMove(from: string, to: string): Promise<boolean> {
  try {
    await moveTo(from, to)
    return true
  } catch (thrown) {
    if (failedWith(thrown, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) return false
    throw thrown
  }
}

/** The names in a folder, sorted; none where there is no such folder. */
export async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort()
  } catch (thrown) {
    if (failedWith(thrown, 'ENOENT', 'ENOTDIR')) return []
    throw thrown
  }
}

/** The size of a file, or undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (thrown) {
    if (failedWith(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    throw thrown
  }
}

/** The text of a file, or undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (failedWith(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    throw thrown
  }
}

export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}

/** A new name in a folder outlives a loss of power only when the folder is on disk, too. */
async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs none of this.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function withoutLinks(path: string, cause: unknown): StartupError {
  return new StartupError({
    code: 'model_store',
    found: `the file system of ${dirname(path)} has no hard links, which make a version appear once and whole`,
    instead: 'Keep models on another one: set INCANT_HOME to a folder of it.',
    cause,
  })
}
