import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { refuseFile } from '../refuse-file.ts'

/** Bytes that are read at once. */
const WINDOW = 65_536

/** A file that is read here and there, so that gigabytes of weights are passed over unread. */
export class ByteFile {
  readonly size: number
  readonly #descriptor: number
  #window: Uint8Array = new Uint8Array()
  #start = 0

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r')
    const found = fstatSync(this.#descriptor)
    this.size = found.size
    if (found.isFile()) return
    this.close()
    throw refuseFile(path, 'is not a regular file')
  }

  /** @param position - Below the size. */
  byteAt(position: number): number {
    const offset = position - this.#start
    const known = offset >= 0 ? this.#window[offset] : undefined
    if (known !== undefined) return known
    this.#window = this.read(position, Math.min(position + WINDOW, this.size))
    this.#start = position
    return this.#window[0] ?? 0
  }

  /** The bytes from one position to another one. */
  read(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - start)
    let done = 0
    while (done < bytes.length) {
      const count = readSync(this.#descriptor, bytes, done, bytes.length - done, start + done)
      if (count === 0) return bytes.subarray(0, done)
      done += count
    }
    return bytes
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
