import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Digest } from '../content/digest.ts'
import { PassingError, retrying } from './retry.ts'

/** A stream of the bytes from an offset; 0 where the source can only begin anew. */
export interface OpenedSource {
  readonly stream: Readable
  readonly offset: number
}

/** What is to be downloaded, and to where. */
export interface Download {
  readonly size: number
  readonly digest: Digest
  /** Opens the source at this byte, in one attempt. */
  readonly open: (offset: number) => Promise<OpenedSource>
  /** A file of this download alone. What it has already is kept, and is hashed with the rest. */
  readonly path: string
  /** Bytes that are there. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/**
 * Downloads to a file, and continues after a break. The bytes are on disk, and are of the digest, when it returns.
 *
 * @returns Whether size and digest are right; the file is empty otherwise.
 * @throws What `open` throws, or a {@link PassingError} where breaks follow each other without progress.
 */
export async function download(wanted: Download): Promise<boolean> {
  const file = await open(wanted.path, 'a+', 0o600)
  try {
    const state = await readPresent(wanted, file)
    await retrying(async progressed => {
      if (state.size < wanted.size) await receive(wanted, { file, state, progressed })
    })
    const isRight = state.size === wanted.size && `sha256:${state.hash.digest('hex')}` === wanted.digest
    if (!isRight) await file.truncate(0)
    await file.sync()
    return isRight
  } finally {
    await file.close()
  }
}

interface State {
  size: number
  hash: Hash
}

async function readPresent({ path, size: expected }: Download, file: FileHandle): Promise<State> {
  const state: State = { size: 0, hash: createHash('sha256') }
  // More than all of it is something else.
  if ((await file.stat()).size > expected) await file.truncate(0)
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) add(state, chunk)
  return state
}

interface Receiving {
  readonly file: FileHandle
  readonly state: State
  readonly progressed: () => void
}

async function receive(wanted: Download, { file, state, progressed }: Receiving): Promise<void> {
  const { stream, offset } = await wanted.open(state.size)
  if (offset === 0 && state.size > 0) {
    await file.truncate(0)
    Object.assign(state, { size: 0, hash: createHash('sha256') })
  }
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // A source that sends more than it promised is stopped here.
      if (state.size + chunk.length > wanted.size) return add(state, chunk)
      await file.appendFile(chunk)
      add(state, chunk)
      progressed()
      wanted.onProgress?.(state.size)
    }
  } catch (cause) {
    throw new PassingError('the connection broke', { cause })
  }
  if (state.size < wanted.size) throw new PassingError('the connection ended early')
}

function add(state: State, chunk: Buffer): void {
  state.hash.update(chunk)
  state.size += chunk.length
}
