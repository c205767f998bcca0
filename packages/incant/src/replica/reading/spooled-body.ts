import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of a body that are kept in memory; what is beyond them goes to a file. */
const IN_MEMORY = 1_048_576

/** Bytes that are read from the file at once. */
const CHUNK = 65_536

/** A body while it arrives. Its whole is in memory, or in a temporary file that has no name any more. */
export class SpooledBody {
  readonly #folder: string
  #chunks: Uint8Array[] = []
  #length = 0
  #file: FileHandle | undefined
  /** There is no file to be had: the body stays in memory, as a small one does. */
  #isRefused = false

  /** @param folder - Where the file is created. */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder
  }

  /** Takes the next bytes. Settles when there is room for more. */
  async add(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk)
    this.#length += chunk.byteLength
    if (this.#length <= IN_MEMORY || this.#isRefused) return
    try {
      this.#file ??= await openNameless(this.#folder)
      const bytes = Buffer.concat(this.#chunks)
      await writeAll(this.#file, bytes, this.#length - bytes.byteLength)
      this.#chunks = []
    } catch {
      // A full disk, or a system without a writable folder.
      await this.#takeBack()
    }
  }

  /** The body, once all of it is there. */
  take(): Uint8Array | ReadableStream<Uint8Array> {
    if (this.#file !== undefined) return streamFile(this.#file, this.#length)
    const [only] = this.#chunks
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks)
  }

  /** Gives the file back to the system. */
  async discard(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  /** What the file has, and what could not be written to it. */
  async #takeBack(): Promise<void> {
    this.#isRefused = true
    const rest = this.#chunks
    const written = this.#length - rest.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const chunks: Uint8Array[] = []
    if (this.#file !== undefined) {
      for await (const chunk of streamFile(this.#file, written)) chunks.push(chunk)
    }
    this.#chunks = [...chunks, ...rest]
    await this.discard()
  }
}

/** Creates a file that only this process can open, and that is gone with its last reader, however that ends. */
async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `incant-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written, position + written)
    written += bytesWritten
  }
}

/** The first bytes of a file, up to a length, read on demand. */
function streamFile(file: FileHandle, length: number): ReadableStream<Uint8Array> {
  let position = 0
  return new ReadableStream<Uint8Array>(
    {
      pull: async controller => {
        const chunk = new Uint8Array(Math.min(CHUNK, length - position))
        const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, position)
        if (bytesRead === 0 && position < length) throw new Error('the temporary file of a body has lost its end')
        position += bytesRead
        if (bytesRead > 0) controller.enqueue(chunk.subarray(0, bytesRead))
        if (position === length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
