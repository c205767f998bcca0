import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SLOTS, slotOf } from './claims.ts'

/** The file descriptor of the file in a replica. */
export const BEGUN_FD = 7

/** Bytes of a number in the file. */
const WORD = 4

/** Where the file is made: in memory, where the system has such a folder. */
const FOLDERS: readonly string[] = ['/dev/shm', tmpdir()]

/**
 * The numbers of the calls that predict has begun, in a file without a name that a replica writes to and its front reads. What
 * was written is there also when the process dies a moment later, and unlike a word on a line it wakes nobody: the front looks only
 * where it matters, which is when a replica dies, is held up, or has a call that is not wanted any more.
 *
 * The front's end. Without a file, the replica says what it begins on the {@link ClaimLine}.
 */
export class BegunFile {
  readonly #word = Buffer.alloc(WORD)
  #fd: number | undefined = openWithoutName()

  /** For the process that is started. */
  get fd(): number | undefined {
    return this.#fd
  }

  /** Whether predict has begun a call. */
  has(n: number): boolean {
    if (this.#fd === undefined) return false
    const read = readSync(this.#fd, this.#word, 0, WORD, WORD * slotOf(n))
    return read === WORD && this.#word.readUInt32LE() === n
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

/**
 * The replica's end.
 *
 * @returns A function that writes down that a call begins, before it returns. Undefined where there is no file.
 */
export function openBegun(): ((n: number) => void) | undefined {
  if (!isFile(BEGUN_FD)) return undefined
  const word = Buffer.alloc(WORD)
  return n => {
    word.writeUInt32LE(n)
    writeSync(BEGUN_FD, word, 0, WORD, WORD * slotOf(n))
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile()
  } catch {
    return false
  }
}

/** Undefined where no folder can be written to, or the system does not remove the name of an open file. */
function openWithoutName(): number | undefined {
  for (const folder of FOLDERS) {
    const fd = tryToOpen(join(folder, `incant-begun-${randomUUID()}`))
    if (fd !== undefined) return fd
  }
  return undefined
}

function tryToOpen(path: string): number | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, 'wx+', 0o600)
    unlinkSync(path)
    // A folder that is full shows now, and not where a call begins.
    writeSync(fd, Buffer.alloc(WORD * SLOTS))
    return fd
  } catch {
    if (fd !== undefined) closeSync(fd)
    return undefined
  }
}
