import { StartupError } from 'incant/internal/signature'
import * as v from 'valibot'
import { type Digest, isDigest } from '../content/digest.ts'

/** Media types of the OCI image specification 1.1, and those of Docker's that registries still send. */
export const MEDIA_TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const

/** What a document says of a blob or of another document. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly platform?: Platform | undefined
}

/** A system and a processor, as Go calls them: `linux`, `amd64`. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string | undefined
}

/** One image: its configuration, and its layers from the lowest to the highest. */
export interface ImageManifest {
  readonly schemaVersion: 2
  readonly mediaType?: string | undefined
  readonly artifactType?: string | undefined
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

/** Several images, one for each platform. */
export interface ImageIndex {
  readonly schemaVersion: 2
  readonly mediaType?: string | undefined
  readonly manifests: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

const DIGEST: v.GenericSchema<unknown, Digest> = v.custom<Digest>(value => typeof value === 'string' && isDigest(value))
const TEXTS: v.GenericSchema<unknown, Record<string, string> | undefined> = v.optional(v.record(v.string(), v.string()))
const DESCRIPTOR: v.GenericSchema<unknown, Descriptor> = v.object({
  mediaType: v.string(),
  digest: DIGEST,
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  annotations: TEXTS,
  platform: v.optional(v.object({ os: v.string(), architecture: v.string(), variant: v.optional(v.string()) })),
})
const SHARED = { schemaVersion: v.literal(2), mediaType: v.optional(v.string()), annotations: TEXTS } as const
const MANIFEST: v.GenericSchema<unknown, ImageManifest> = v.object({
  ...SHARED,
  artifactType: v.optional(v.string()),
  config: DESCRIPTOR,
  layers: v.array(DESCRIPTOR),
})
const INDEX: v.GenericSchema<unknown, ImageIndex> = v.object({ ...SHARED, manifests: v.array(DESCRIPTOR) })

/**
 * Reads the manifest of an image, or an index of several, by its members: what a server says of its type is not trusted.
 *
 * @param name - Of the document, for errors.
 * @throws {StartupError} `invalid_image`.
 */
export function readImageDocument(bytes: Uint8Array, name: string): ImageManifest | ImageIndex {
  const read = v.safeParse(v.union([MANIFEST, INDEX]), parse(bytes))
  if (read.success) return read.output
  throw new StartupError({
    code: 'invalid_image',
    found: `${name} is neither a manifest of an image nor an index of them`,
    instead: 'Name an image of the OCI image specification, with digests by SHA-256.',
  })
}

/** Whether a document is an index. */
export function isIndex(document: ImageManifest | ImageIndex): document is ImageIndex {
  return 'manifests' in document
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
