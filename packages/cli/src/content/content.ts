import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Digest, DigestStream, digestOf } from './digest.ts'

/** Bytes of a known digest that can be read any number of times, from any place: what is uploaded, or written to a layout. */
export interface Content {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  /** Reads from this byte to the end. */
  open(offset?: number): Readable
}

/** Content in memory. */
export function bytesContent(bytes: Uint8Array): Content {
  // Readable.from would take a Uint8Array for an iterable of numbers.
  return { digest: digestOf(bytes), size: bytes.length, open: (offset = 0) => Readable.from([bytes.subarray(offset)]) }
}

/** A document as content, in JSON. */
export function jsonContent(value: unknown): Content {
  return bytesContent(Buffer.from(JSON.stringify(value)))
}

/** A file whose digest is known. */
export function fileContent(
  path: string,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): Content {
  return { digest, size, open: (offset = 0) => createReadStream(path, { start: offset }) }
}

/** Content that is written anew for each reading, such as an archive. It is read once for its digest. */
export async function generatedContent(generate: () => Readable): Promise<Content> {
  const counter = new DigestStream()
  await pipeline(generate(), counter.resume())
  return {
    digest: counter.finish(),
    size: counter.size,
    open: (offset = 0) => (offset === 0 ? generate() : Readable.from(skip(generate(), offset))),
  }
}

async function* skip(stream: Readable, offset: number): AsyncGenerator<Buffer> {
  let left = offset
  // A binary stream gives buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (left < chunk.length) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

/** The bytes of a small content. */
export async function readContent(content: Content): Promise<Buffer> {
  return Buffer.concat(await content.open().toArray())
}
