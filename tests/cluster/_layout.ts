import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One layer of an image: the digest of its tar. */
export interface Layer {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** What an image runs. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[]
  readonly Env?: readonly string[]
  readonly WorkingDir?: string
  readonly User?: string
}

const TAR = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
const TYPE = 'application/vnd.oci.image'

/** An OCI image layout: images that share their layers, for one `ctr images import`. */
export class Layout {
  readonly #folder: string
  readonly #manifests: object[] = []

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  }

  /**
   * A layer of files.
   *
   * @param root - The folder that becomes the root of the image.
   * @param paths - Those below it that go in.
   * @param flags - More of `tar`, such as `--transform`.
   */
  addLayer(root: string, paths: readonly string[], flags: readonly string[] = []): Layer {
    const path = join(this.#folder, 'layer.tar')
    execFileSync('tar', [...TAR, ...flags, '-C', root, '-cf', path, ...paths])
    const digest = digestOf(readFileSync(path))
    renameSync(path, join(this.#folder, 'blobs/sha256', digest))
    const { size } = statSync(join(this.#folder, 'blobs/sha256', digest))
    return { mediaType: `${TYPE}.layer.v1.tar`, digest: `sha256:${digest}`, size }
  }

  /** An image of layers, the lowest first. */
  addImage(name: string, layers: readonly Layer[], config: ImageConfig = {}): void {
    const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
    const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) }
    const described = this.#addJSON(`${TYPE}.config.v1+json`, { architecture, os: 'linux', config, rootfs })
    const manifest = { schemaVersion: 2, mediaType: `${TYPE}.manifest.v1+json`, config: described, layers }
    const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name }
    this.#manifests.push({ ...this.#addJSON(manifest.mediaType, manifest), annotations })
  }

  /** Writes the archive. */
  pack(path: string): void {
    writeFileSync(join(this.#folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    writeFileSync(join(this.#folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: this.#manifests }))
    execFileSync('tar', [...TAR, '-C', this.#folder, '-cf', path, 'oci-layout', 'index.json', 'blobs'])
  }

  #addJSON(mediaType: string, value: object): Layer {
    const text = JSON.stringify(value)
    const digest = digestOf(text)
    writeFileSync(join(this.#folder, 'blobs/sha256', digest), text)
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) }
  }
}

function digestOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
