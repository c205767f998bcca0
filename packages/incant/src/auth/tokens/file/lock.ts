import { StartupError } from '../../../errors/startup-error.ts'
import { fileSystem } from '../../../files/node-modules.ts'
import { systemCode } from './failure.ts'
import { isDead, nameOwner } from './lock-owner.ts'

/** A lock that this process has. */
export interface HeldLock {
  /**
   * Call it right before the change becomes visible.
   *
   * @throws {LostLockError} where another process took the lock over, because this one was held up for too long.
   */
  confirm(): Promise<void>
}

/** The lock was taken over. Nothing has been changed; what was to be done can be done again. */
export class LostLockError extends Error {
  override readonly name = 'LostLockError'
}

/** How long to wait for a lock, in milliseconds. */
export interface LockOptions {
  /** The longest wait for a lock that others have in turn. */
  readonly patience?: number
  /**
   * The longest time with one owner whose state is unknown. A change takes milliseconds, so a lock that stays the same
   * for this long was left by a process that died. The clock of the waiting process counts, not a date in the file.
   */
  readonly staleAfter?: number
}

/**
 * Does something while no other process does it, on this machine or on another that shares the folder: a file
 * `<target>.lock`, which only one can create.
 *
 * @throws {StartupError} `permission_denied`, where the lock is not to be had.
 */
export async function withLock<Result>(
  target: string,
  work: (lock: HeldLock) => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const path = `${target}.lock`
  const owner = nameOwner()
  await acquire(path, owner, options)
  try {
    return await work({ confirm: () => confirm(path, owner) })
  } finally {
    if ((await readOwner(path)) === owner) await remove(path)
  }
}

async function acquire(path: string, owner: string, options: LockOptions): Promise<void> {
  const { patience = 15_000, staleAfter = 5000 } = options
  const start = performance.now()
  let known: string | undefined
  let knownSince = start
  while (!(await create(path, owner))) {
    const now = performance.now()
    const current = await readOwner(path)
    if (current !== known) knownSince = now
    known = current
    if (known !== undefined && (now - knownSince >= staleAfter || isDead(known))) await removeStale(path, known, owner)
    else if (now - start >= patience) throw stillLocked(path)
    await pause(2 + Math.random() * 10)
  }
}

async function confirm(path: string, owner: string): Promise<void> {
  if ((await readOwner(path)) !== owner) throw new LostLockError(`${path} was taken over`)
}

/**
 * Removes a lock if it is still that of the dead process. Removal needs a lock itself, so that of two waiting processes
 * the second does not remove the lock that the first has taken since.
 */
async function removeStale(path: string, known: string, owner: string): Promise<void> {
  const guard = `${path}.stale`
  if (!(await create(guard, owner))) return removeLeftGuard(guard)
  try {
    if ((await readOwner(path)) === known) await remove(path)
  } finally {
    await remove(guard)
  }
}

/** For the process that died between two lines of the function above, which take no longer than this. */
async function removeLeftGuard(guard: string): Promise<void> {
  const known = await readOwner(guard)
  if (known === undefined) return
  if (!isDead(known)) await pause(GUARD_LASTS)
  if ((await readOwner(guard)) === known) await remove(guard)
}

/** Milliseconds. */
const GUARD_LASTS = 1000

/** Whether the file was created. Of two processes only one gets true. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await fileSystem().promises.writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false
    throw thrown
  }
}

async function readOwner(path: string): Promise<string | undefined> {
  return fileSystem()
    .promises.readFile(path, 'utf8')
    .catch(() => undefined)
}

async function remove(path: string): Promise<void> {
  await fileSystem().promises.rm(path, { force: true })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

function stillLocked(path: string): StartupError {
  return new StartupError({
    code: 'permission_denied',
    found: `other processes have ${path} locked`,
    instead: 'Try again; the lock is released when they are done.',
  })
}
