import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Digest } from '../../content/digest.ts'

/** Bytes that are read at a time. */
const CHUNK = 1024 ** 2

/** The digest and the size of a file. */
export async function hashFile(
  path: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const hash = createHash('sha256')
  let size = 0
  // A stream without an encoding gives buffers.
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
    onBytes(chunk.length)
  }
  return { digest: `sha256:${hash.digest('hex')}`, size }
}
