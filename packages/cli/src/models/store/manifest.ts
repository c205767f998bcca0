import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import { type Digest, digestOf, isDigest } from '../../content/digest.ts'
import { checkPaths } from './paths.ts'

/** Files of one version, and bytes of their list. */
export const MAX_FILES = 100_000
export const MAX_MANIFEST: number = 32 * 1024 ** 2

/** A file of a version. */
export interface ModelFile {
  /** From the folder of the version, with `/` between its parts. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly digest: Digest
}

/** What a version is: its files. Name, version and description belong to a store, so that they are free to differ. */
export interface ModelManifest {
  readonly digest: Digest
  /** The text of the manifest, which has the digest. */
  readonly bytes: Buffer
  /** In the order of their paths. */
  readonly files: readonly ModelFile[]
  /** Bytes of all files. */
  readonly size: number
}

const SCHEMA = v.strictObject({
  format: v.literal(1),
  files: v.array(
    v.strictObject({
      path: v.string(),
      size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      digest: v.custom<Digest>(value => typeof value === 'string' && isDigest(value)),
    }),
  ),
})

/** The manifest of some files. The same files give the same digest in whichever order they come. */
export function makeManifest(given: readonly ModelFile[]): ModelManifest {
  const files = given.map(({ path, size, digest }) => ({ path, size, digest })).sort(byPath)
  const bytes = Buffer.from(`${JSON.stringify({ format: 1, files })}\n`)
  return { digest: digestOf(bytes), bytes, files, size: files.reduce((sum, { size }) => sum + size, 0) }
}

/**
 * Reads a manifest.
 *
 * @param name - Of its file, for errors.
 * @throws {StartupError} `invalid_model` if it is none, or names a path that leaves its folder.
 */
export function readManifest(bytes: Uint8Array, name: string): ModelManifest {
  const read = bytes.length > MAX_MANIFEST ? undefined : v.safeParse(SCHEMA, parse(bytes))
  if (read?.success !== true) throw invalid(`${name} is no list of files of a model`)
  checkPaths(
    read.output.files.map(({ path }) => path),
    name,
  )
  const manifest = makeManifest(read.output.files)
  if (manifest.bytes.equals(bytes)) return manifest
  throw invalid(`${name} has been changed since incant wrote it`)
}

function invalid(found: string): StartupError {
  return new StartupError({
    code: 'invalid_model',
    found,
    instead: 'Copy the folder anew from where the version was created.',
  })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

/** An order that no locale changes. */
function byPath({ path: one }: ModelFile, { path: other }: ModelFile): number {
  return one < other ? -1 : Number(one > other)
}
