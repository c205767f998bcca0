import { type Content, jsonContent } from '../content/content.ts'
import type { Digest } from '../content/digest.ts'
import { type Descriptor, type ImageManifest, MEDIA_TYPES, type Platform } from './documents.ts'

/** A layer of an image. */
export interface Layer {
  readonly content: Content
  /** @default MEDIA_TYPES.layer */
  readonly mediaType?: string
  /** Of the archive without compression. Default: of the content. */
  readonly diffId?: Digest
  readonly annotations?: Readonly<Record<string, string>>
  /** How it came about, for `docker history`. */
  readonly createdBy: string
}

/** What an image is made from. */
export interface ImageParts {
  readonly platform: Platform
  readonly layers: readonly Layer[]
  /** The member `config` of the configuration: what a container runs. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
}

/** An image: its manifest and all that it refers to. */
export interface Image {
  readonly manifest: Content
  readonly config: Content
  readonly layers: readonly Content[]
}

/** Joins layers to an image. It has no times, so that the same parts give the same digest. */
export function makeImage({ platform, layers, config = {}, annotations, artifactType }: ImageParts): Image {
  const configuration = jsonContent({
    ...platform,
    created: '1970-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId, content }) => diffId ?? content.digest) },
    history: layers.map(({ createdBy }) => ({ created: '1970-01-01T00:00:00Z', created_by: createdBy })),
  })
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    ...(artifactType === undefined ? {} : { artifactType }),
    config: describe(configuration, MEDIA_TYPES.config),
    layers: layers.map(layer => describeLayer(layer)),
    ...(annotations === undefined ? {} : { annotations }),
  }
  return { manifest: jsonContent(manifest), config: configuration, layers: layers.map(({ content }) => content) }
}

/** A descriptor of some content. */
export function describe({ digest, size }: Content, mediaType: string): Descriptor {
  return { mediaType, digest, size }
}

function describeLayer({ content, mediaType = MEDIA_TYPES.layer, annotations }: Layer): Descriptor {
  return { ...describe(content, mediaType), ...(annotations === undefined ? {} : { annotations }) }
}
