import { Gzip } from 'fflate'

/** Bytes that are compressed at a time, so that the result does not depend on how the input arrives. */
const PIECE = 256 * 1024

/**
 * Compresses by gzip, the same bytes for the same input everywhere: what zlib writes depends on its version and on the
 * instructions of the processor. There is no time in it.
 */
export async function* compress(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const gzip = new Gzip({ level: 6, mtime: 0 }, chunk => void ready.push(chunk))
  for await (const piece of inPieces(source)) {
    gzip.push(piece)
    yield* ready.splice(0)
  }
  gzip.push(new Uint8Array(0), true)
  yield* ready.splice(0)
}

async function* inPieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    kept.push(chunk)
    size += chunk.length
    if (size < PIECE) continue
    const joined = Buffer.concat(kept)
    const end = size - (size % PIECE)
    for (let at = 0; at < end; at += PIECE) yield joined.subarray(at, at + PIECE)
    kept = [joined.subarray(end)]
    size -= end
  }
  if (size > 0) yield Buffer.concat(kept)
}
