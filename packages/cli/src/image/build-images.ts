import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Built, buildBundle } from '../bundle/build-bundle.ts'
import type { BuildOptions } from '../bundle/build-work.ts'
import type { Platform } from '../bundle/manifest.ts'
import { ownLibc } from '../bundle/platform.ts'
import { ImageLayout } from '../oci/layout.ts'
import { formatReference, type Reference } from '../oci/reference.ts'
import type { BaseName } from './base-name.ts'
import { findKnownLayers } from './known-layers.ts'
import { pushImages } from './push-image.ts'
import { type Base, readBase } from './read-base.ts'
import { nameImages, type WrittenImage, writeImage } from './write-image.ts'
import type { LayerFolder } from './write-layer.ts'

/** What to build, without a program that builds images. */
export interface ImagesOptions {
  readonly bundle: Omit<BuildOptions, 'platform'>
  readonly platforms: readonly Platform[]
  readonly reference: Reference
  readonly base: BaseName
  /** As it was given. */
  readonly baseName: string
  readonly push: boolean
}

/** What was built. */
export interface BuiltImages {
  /** The folder of the layout. */
  readonly layout: string
  /** Of the image, or of the index of several. */
  readonly digest: string
  /** Bytes that the registry did not have. Absent: nothing was pushed. */
  readonly sent: number | undefined
}

/**
 * Builds bundles and images of them: an OCI layout beside the bundle, one image for each platform.
 *
 * @throws {StartupError} `cannot_build`, `wrong_platform`, and those of registries and layouts.
 */
export async function buildImages(options: ImagesOptions): Promise<BuiltImages> {
  const { bundle, platforms, reference, push } = options
  const layout = new ImageLayout(`${bundle.out}.oci`)
  await mkdir(layout.folder, { recursive: true })
  const folder = { layout, known: await findKnownLayers(layout) }
  const images: WrittenImage[] = []
  for (const platform of platforms) images.push({ platform, image: await buildOne(folder, platform, options) })
  const named = await nameImages(layout, images, formatReference(reference))
  const sent = push ? await pushImages(reference, images, named) : undefined
  return { layout: layout.folder, digest: named.document.digest, sent }
}

/** The bundle of one of several platforms has its folder below. */
async function buildOne(
  folder: LayerFolder,
  platform: Platform,
  { bundle, base: name, baseName, platforms }: ImagesOptions,
): Promise<WrittenImage['image']> {
  const base =
    name.kind === 'host' ? undefined : await readBase(name, { given: baseName, platform, layout: folder.layout })
  const out = platforms.length === 1 ? bundle.out : join(bundle.out, `${platform.os}-${platform.arch}`)
  const built = await buildBundle({ ...bundle, out, platform: withLibc(platform, base) })
  return writeImage(folder, { bundle: out, platform, base, baseName, ...titleOf(built) })
}

/** The files of a base know better than its name. */
function withLibc(platform: Platform, base: Base | undefined): Platform {
  if (platform.os !== 'linux') return platform
  return { ...platform, libc: base === undefined ? ownLibc() : (base.libc ?? platform.libc) }
}

function titleOf({ name, version }: Built): { readonly name: string; readonly version: string } {
  return { name, version }
}
