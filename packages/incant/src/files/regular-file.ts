import type { BigIntStats } from 'node:fs'
import { fileSystem } from './node-modules.ts'

/** A file that was read. */
export interface FileText {
  readonly text: string
  /** Of the very file that was read, even if its name refers to another by now. */
  readonly found: BigIntStats
}

/** The path leads to something that is not a regular file, or that is too large for its purpose. */
export class UnfitFileError extends Error {
  override readonly name = 'UnfitFileError'
}

/** Bytes that a file of secrets or certificates may have: more than any has, and less than would be felt. */
const MAXIMUM = 16 * 1024 ** 2

/**
 * Reads a regular file at once. A named pipe or a device is refused without waiting for its other end.
 *
 * @throws {UnfitFileError}
 * @throws What the system says, with its code.
 */
export function readRegularSync(path: string): FileText {
  const { openSync, fstatSync, readFileSync, closeSync } = fileSystem()
  const descriptor = openSync(path, flags())
  try {
    const found = checkRegular(path, fstatSync(descriptor, { bigint: true }))
    return { found, text: readFileSync(descriptor, 'utf8') }
  } finally {
    closeSync(descriptor)
  }
}

/** As {@link readRegularSync}, off the event loop. */
export async function readRegular(path: string): Promise<FileText> {
  const handle = await fileSystem().promises.open(path, flags())
  try {
    const found = checkRegular(path, await handle.stat({ bigint: true }))
    return { found, text: await handle.readFile('utf8') }
  } finally {
    await handle.close()
  }
}

/** Opening a named pipe waits for a writer, unless this flag is set. */
function flags(): number {
  const { O_RDONLY, O_NONBLOCK = 0 } = fileSystem().constants
  return O_RDONLY | O_NONBLOCK
}

function checkRegular(path: string, found: BigIntStats): BigIntStats {
  if (!found.isFile()) throw new UnfitFileError(`${path} is ${describeKind(found)} and not a regular file`)
  if (found.size > MAXIMUM) throw new UnfitFileError(`${path} has ${found.size} bytes; at most ${MAXIMUM} are read`)
  return found
}

function describeKind(found: BigIntStats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

/** Changes with every way to change a file. Also the time of its change of state counts, which no program can set back. */
export function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}
