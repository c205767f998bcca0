import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { resolvePath } from '../arguments/path.ts'
import type { Platform as System } from '../bundle/manifest.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { readContent } from '../content/content.ts'
import { type Digest, digestOf, hexOf } from '../content/digest.ts'
import { downloadBlob } from '../oci/blobs.ts'
import { type Descriptor, type ImageManifest, isIndex, MEDIA_TYPES } from '../oci/documents.ts'
import type { Layer } from '../oci/image.ts'
import { ImageLayout } from '../oci/layout.ts'
import { type ImageDocument, Registry } from '../oci/registry.ts'
import type { BaseName } from './base-name.ts'
import { inspectLayers } from './inspect-layers.ts'
import { matches } from './systems.ts'

/** What an image begins with. */
export interface Base {
  readonly layers: readonly Layer[]
  /** `PATH=/usr/bin` */
  readonly environment: readonly string[]
  /** The program Node in it. */
  readonly node: string
  /** Its C library, where its files say which. */
  readonly libc: 'glibc' | 'musl' | undefined
  /** Of the image, for annotations. */
  readonly digest?: Digest
}

/** Where a base is read from, and where its layers go. */
export interface BaseOptions {
  /** As it was given, for errors. */
  readonly given: string
  readonly platform: System
  /** Gets the layers. */
  readonly layout: ImageLayout
}

/** An image in a registry or in a layout. */
interface Source {
  readDocument(digest?: Digest): Promise<ImageDocument>
  /** Copies a blob into the layout. */
  copy(blob: Descriptor): Promise<void>
}

/**
 * Reads a base from a registry or a layout, and copies its layers.
 *
 * @throws {StartupError} `cannot_build` where it has no Node or is for other systems, and those of a registry or a layout.
 */
export async function readBase(name: Exclude<BaseName, { kind: 'host' }>, options: BaseOptions): Promise<Base> {
  const { given, layout } = options
  const source = name.kind === 'registry' ? fromRegistry(name, layout) : await fromLayout(name, options)
  const { digest, document } = await findImage(source, options)
  // Layers that are equal, such as empty ones, are one blob.
  const blobs = new Map([document.config, ...document.layers].map(blob => [blob.digest, blob]))
  await Promise.all([...blobs.values()].map(blob => source.copy(blob)))
  const config = await readConfig(layout, document.config, given)
  const layers = document.layers.map((layer, index) => toLayer(layout, layer, config.rootfs.diff_ids[index]))
  const found = await inspectLayers(layers)
  const environment = config.config?.Env ?? []
  return { layers, environment, libc: found.libc, node: chooseNode(found, environment, given), digest }
}

function fromRegistry({ reference }: Extract<BaseName, { kind: 'registry' }>, layout: ImageLayout): Source {
  const registry = new Registry(reference)
  return {
    readDocument: digest => registry.readDocument(digest),
    copy: async blob => {
      const path = join(layout.folder, 'blobs/sha256', hexOf(blob.digest))
      if (existsSync(path)) return
      await mkdir(join(layout.folder, 'blobs/sha256'), { recursive: true })
      // What a break has left is continued, and has the name of the blob only when it is whole.
      await downloadBlob(registry, blob, { path: `${path}.part` })
      await rename(`${path}.part`, path)
    },
  }
}

const HOW = 'Write one: skopeo copy docker://HOST/NAME:TAG oci:DIR'

async function fromLayout(
  { folder }: Extract<BaseName, { kind: 'layout' }>,
  { given, layout, platform }: BaseOptions,
): Promise<Source> {
  const source = new ImageLayout(resolvePath(folder))
  if (!ImageLayout.isLayout(source.folder)) throw cannotBuild(`--base ${given} is no OCI layout`, HOW)
  const all = await source.readIndex()
  const fitting = all.filter(({ platform: own }) => own === undefined || matches(own, platform))
  const [first] = fitting
  if (first === undefined) throw refuseSystem(given, platform)
  if (fitting.length > 1)
    throw cannotBuild(`--base ${given} has ${fitting.length} images for this system`, 'Write a layout with one image.')
  return {
    readDocument: (digest = first.digest) => source.readDocument(digest),
    copy: blob =>
      layout.writeBlob(source.blob(blob)).catch((cause: unknown) => {
        throw cannotBuild(`--base ${given} lacks the blob ${blob.digest}, or has another one there`, HOW, cause)
      }),
  }
}

/** The image itself, or the one of an index that is for the system. */
async function findImage(
  source: Source,
  { given, platform }: BaseOptions,
): Promise<{ readonly digest: Digest; readonly document: ImageManifest }> {
  const { digest, document } = await source.readDocument()
  if (!isIndex(document)) return { digest, document }
  const chosen = document.manifests.find(({ platform: own }) => own !== undefined && matches(own, platform))
  if (chosen === undefined) throw refuseSystem(given, platform)
  const inner = await source.readDocument(chosen.digest)
  if (isIndex(inner.document)) throw refuseSystem(given, platform)
  return { digest: inner.digest, document: inner.document }
}

const CONFIG: v.GenericSchema<
  unknown,
  { config?: { Env?: string[] | null | undefined } | null | undefined; rootfs: { diff_ids: string[] } }
> = v.object({
  config: v.nullish(v.object({ Env: v.nullish(v.array(v.string())) })),
  rootfs: v.object({ diff_ids: v.array(v.string()) }),
})

async function readConfig(
  layout: ImageLayout,
  config: Descriptor,
  given: string,
): Promise<v.InferOutput<typeof CONFIG>> {
  const bytes = await readContent(layout.blob(config))
  const read = v.safeParse(CONFIG, digestOf(bytes) === config.digest ? JSON.parse(bytes.toString('utf8')) : undefined)
  if (read.success) return read.output
  throw cannotBuild(`--base ${given} has a configuration that is none of an image`, 'Name another image.')
}

/** Docker's names of the same archives. */
function toLayer(layout: ImageLayout, descriptor: Descriptor, diffId: string | undefined): Layer {
  const { mediaType } = descriptor
  const isDocker = mediaType === 'application/vnd.docker.image.rootfs.diff.tar.gzip'
  return {
    content: layout.blob(descriptor),
    mediaType: isDocker ? MEDIA_TYPES.layerGzip : mediaType,
    // As the configuration of the base says, whose digest is right.
    diffId: diffId as Digest,
    createdBy: 'base',
  }
}

function chooseNode(
  { nodes, isWhole }: { readonly nodes: readonly string[]; readonly isWhole: boolean },
  environment: readonly string[],
  given: string,
): string {
  const path = environment.find(line => line.startsWith('PATH='))?.slice('PATH='.length) ?? ''
  const first = path.split(':').find(folder => nodes.includes(`${folder.slice(1)}/node`))
  const [any] = nodes
  if (first !== undefined) return `${first}/node`
  if (any !== undefined) return `/${any}`
  // What cannot be looked into is believed.
  if (!isWhole) return 'node'
  throw cannotBuild(`--base ${given} has no Node`, 'Name an image with Node 20.19 or newer, or write --base host.')
}

function refuseSystem(given: string, { os, arch }: System): Error {
  return cannotBuild(`--base ${given} has no image for ${os}/${arch}`, 'Name another --base or another --platform.')
}
