import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { StartupError } from '../../../errors/startup-error.ts'
import { fileSystem, paths } from '../../../files/node-modules.ts'
import { readRegular } from '../../../files/regular-file.ts'
import { randomBase62 } from '../base62.ts'
import { systemCode } from './failure.ts'
import { type HeldLock, type LockOptions, LostLockError, withLock } from './lock.ts'

/** A change of a file: the new text, and its result. */
export interface Change<Result> {
  readonly text: string
  readonly result: Result
}

/**
 * Changes a file so that a reader sees the old text or the new one, also after a crash, and so that of two processes
 * that change it neither loses the change of the other.
 *
 * @param change - Gets the text, or undefined where there is no file. It may be called again if the lock was lost.
 */
export async function changeFile<Result>(
  path: string,
  change: (text: string | undefined) => Change<Result> | Promise<Change<Result>>,
  options: LockOptions = {},
): Promise<Result> {
  const target = await resolveTarget(path)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withLock(target, lock => changeLocked(target, change, lock), options)
    } catch (thrown) {
      if (!(thrown instanceof LostLockError) || attempt === 3) throw thrown
    }
  }
}

async function changeLocked<Result>(
  target: string,
  change: (text: string | undefined) => Change<Result> | Promise<Change<Result>>,
  lock: HeldLock,
): Promise<Result> {
  const { text, result } = await change(await readIfThere(target))
  await sweep(target)
  await replace(target, text, lock)
  return result
}

/** The file itself where the path is a link to it, so that the link stays and all paths to it share a lock. */
export async function resolveTarget(path: string): Promise<string> {
  const { realpath } = fileSystem().promises
  try {
    return await realpath(path)
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown
    const { resolve, dirname, basename, join } = paths()
    const folder = await realpath(dirname(resolve(path))).catch(() => refuseFolder(path))
    return join(folder, basename(path))
  }
}

function refuseFolder(path: string): never {
  throw new StartupError({
    code: 'file_not_found',
    found: `there is no folder for ${path}`,
    instead: 'Create the folder, or name a file in another one.',
  })
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readRegular(path)).text
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

/** Removes the leftovers of processes that were killed while they wrote. With the lock, no other process is writing. */
async function sweep(target: string): Promise<void> {
  const { readdir, rm } = fileSystem().promises
  const { dirname, basename, join } = paths()
  const folder = dirname(target)
  const isLeft = (name: string) => name.startsWith(`${basename(target)}.`) && TEMPORARY.test(name)
  const left = (await readdir(folder)).filter(isLeft)
  await Promise.all(left.map(name => rm(join(folder, name), { force: true })))
}

/** The end of the name of a file that is being written. */
const TEMPORARY = /\.[0-9A-Za-z]{10}\.tmp$/

async function replace(target: string, text: string, lock: HeldLock): Promise<void> {
  const { open, rename, rm } = fileSystem().promises
  const temporary = `${target}.${randomBase62(10)}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await keepAccess(handle, target)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await lock.confirm()
    await rename(temporary, target)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncFolder(paths().dirname(target))
}

/**
 * Keeps the read permissions of a file: a server that runs as another user must be able to read an administrator's
 * change. A new file is readable by its owner alone, and only the owner may ever write one.
 *
 * @throws where the owner cannot be kept: then the file stays as it was.
 */
async function keepAccess(handle: FileHandle, target: string): Promise<void> {
  const before = await statIfThere(target)
  if (before === undefined) return
  const { uid, gid } = await handle.stat()
  if (uid !== before.uid || gid !== before.gid) await handle.chown(before.uid, before.gid)
  await handle.chmod(before.mode & 0o644)
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await fileSystem().promises.stat(path)
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

/** Makes the new name last through a crash, where the system can do that to a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await fileSystem()
    .promises.open(folder, 'r')
    .catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
