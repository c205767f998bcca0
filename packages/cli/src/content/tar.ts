import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Headers, pack } from 'tar-stream'
import type { Content } from './content.ts'

/** One entry of an archive that we write. */
export type TarEntry = {
  /** Relative, with `/` between its parts. */
  readonly path: string
  /** Default 0644, and 0755 of a folder. */
  readonly mode?: number
} & (
  | { readonly kind: 'file'; readonly content: Pick<Content, 'size' | 'open'> }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
)

/** 1970, as tools that build reproducibly write it. */
const NO_TIME = new Date(0)

/**
 * An archive of these entries, in their order. The same entries give the same bytes everywhere: no time, no name of a user,
 * no compression.
 */
export function writeTar(entries: readonly TarEntry[]): Readable {
  const archive = pack()
  const output = new PassThrough()
  const written = writeEntries(archive, entries)
  written.catch((failure: Error) => archive.destroy(failure))
  // Errors of both directions end the output.
  pipeline(archive, output).catch((failure: Error) => output.destroy(failure))
  return output
}

type Pack = ReturnType<typeof pack>

async function writeEntries(archive: Pack, entries: readonly TarEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind === 'file') await pipeline(entry.content.open(), archive.entry(toHeaders(entry)))
    else archive.entry(toHeaders(entry), '')
  }
  archive.finalize()
}

function toHeaders(entry: TarEntry): Headers {
  const { path: name, kind, mode = kind === 'folder' ? 0o755 : 0o644 } = entry
  const shared = { name, mode, mtime: NO_TIME, uid: 0, gid: 0 }
  if (kind === 'file') return { ...shared, type: 'file', size: entry.content.size }
  return kind === 'folder' ? { ...shared, type: 'directory' } : { ...shared, type: 'symlink', linkname: entry.target }
}

/** One entry of an archive that we read. */
export interface ReadEntry {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'other'
  /** Bytes. */
  readonly size: number
  readonly stream: Readable
}

/**
 * Reads an archive entry by entry, in one pass. Nothing is written: what becomes of an entry is the visitor's to decide, and
 * what it leaves of one is skipped.
 *
 * @throws What the visitor throws, or an `Error` where this is no archive.
 */
export async function readTar(archive: Readable, visit: (entry: ReadEntry) => Promise<void>): Promise<void> {
  const entries = extract()
  const read = async (): Promise<void> => {
    for await (const { header, stream } of toEntries(entries)) {
      await visit({ path: header.name, kind: kindOf(header), size: header.size ?? 0, stream })
      stream.resume()
    }
  }
  await Promise.all([pipeline(archive, entries), read()])
}

interface ExtractedEntry {
  readonly header: Headers
  readonly stream: Readable
}

/** The types of tar-stream name the iterator of Node's streams, of chunks; its own is of entries. */
async function* toEntries(entries: ReturnType<typeof extract>): AsyncGenerator<ExtractedEntry> {
  for await (const entry of entries as unknown as AsyncIterable<Readable & { header: Headers }>)
    yield { header: entry.header, stream: entry }
}

function kindOf({ type }: Headers): ReadEntry['kind'] {
  if (type === 'file' || type === 'contiguous-file' || type === null || type === undefined) return 'file'
  return type === 'directory' ? 'folder' : 'other'
}
