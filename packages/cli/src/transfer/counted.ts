import { Readable } from 'node:stream'

/** The same bytes; what has been read is reported. */
export function counted(stream: Readable, onBytes: (bytes: number) => void): Readable {
  return Readable.from(count(stream, onBytes), { objectMode: false })
}

async function* count(stream: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  // A binary stream gives buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onBytes(chunk.length)
    yield chunk
  }
}
