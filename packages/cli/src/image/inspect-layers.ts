import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readTar } from '../content/tar.ts'
import type { Layer } from '../oci/image.ts'

/** What files of an image say of it. */
export interface Inspected {
  /** The paths of programs called `node`, without a slash in front. */
  readonly nodes: readonly string[]
  /** The C library, by its loader. Undefined: there is none, or not all layers can be read. */
  readonly libc: 'glibc' | 'musl' | undefined
  /** Whether all layers could be read. */
  readonly isWhole: boolean
}

/** Looks for Node and the C library in the layers of an image. Those of a compression that Node 20 does not have are left out. */
export async function inspectLayers(layers: readonly Layer[]): Promise<Inspected> {
  const paths: string[] = []
  let isWhole = true
  for (const layer of layers) {
    const archive = openArchive(layer)
    if (archive === undefined) isWhole = false
    else
      await readTar(archive, async ({ path }) => {
        if (INTERESTING.test(path)) paths.push(path.replace(/^(\.?\/)+/, ''))
      })
  }
  return { nodes: paths.filter(path => /(^|\/)bin\/node$/.test(path)), libc: libcOf(paths), isWhole }
}

const INTERESTING = /(^|\/)bin\/node$|(^|\/)ld-(linux|musl)[^/]*\.so/

function libcOf(paths: readonly string[]): Inspected['libc'] {
  // Debian has packages of musl, too; Alpine has none of glibc under this name.
  if (paths.some(path => /(^|\/)ld-linux/.test(path))) return 'glibc'
  return paths.some(path => /(^|\/)ld-musl/.test(path)) ? 'musl' : undefined
}

function openArchive({ content, mediaType = '' }: Layer): Readable | undefined {
  if (mediaType.endsWith('.tar')) return content.open()
  if (!/gzip$/.test(mediaType)) return undefined
  const archive = content.open()
  const plain = createGunzip()
  archive.once('error', failure => plain.destroy(failure))
  return archive.pipe(plain)
}
