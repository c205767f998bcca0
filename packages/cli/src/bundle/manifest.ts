/** The file that makes a folder a bundle. */
export const MANIFEST = 'incant.bundle.json'
/** The signature as data; `null` where decorators say what predict takes. */
export const SIGNATURE = 'signature.json'
/** The folder of the predictor's own code. */
export const CODE = 'app'
/** The folder of Incant's own code. */
export const RUNTIME = 'incant'
/** The folder of the model's files, or of the folders of several models. */
export const MODEL = 'model'

/** Files for builders of images alone: no part of what runs, and no part of an image. */
export const BUILDER_FILES: readonly string[] = ['Dockerfile', '.dockerignore']

/** A system that a bundle runs on. */
export interface Platform {
  /** As `process.platform`. */
  readonly os: string
  /** As `process.arch`. */
  readonly arch: string
  /** Linux alone: the C library. */
  readonly libc?: Libc | undefined
}

/** The C library of a Linux system. */
export type Libc = 'glibc' | 'musl'

/** What a bundle is, and the digests of its files. */
export interface BundleManifest {
  /** The version of this format. */
  readonly version: 1
  /** The version of Incant that it was built with, and that serves it. */
  readonly incant: string
  /** Versions of Node that can run it, as in package.json. */
  readonly node: string
  readonly platform: Platform
  /** The predictor, from the root of the bundle. */
  readonly entry: string
  /** The class to serve, where the file exports several. */
  readonly className?: string
  /** The first is the one that the server is named after. */
  readonly models: readonly BundledModel[]
  /** The file that the versions of packages were taken from. */
  readonly lockfile: { readonly name: string; readonly sha256: string }
  /** What is in node_modules: how many packages, and one digest of all of their files. */
  readonly packages: { readonly count: number; readonly sha256: string }
  /** By path, sorted, the SHA-256 of each other file. */
  readonly files: Readonly<Record<string, string>>
}

/** A model of a bundle. */
export interface BundledModel {
  readonly name?: string
  readonly version?: string
  /** The folder of its files, from the root of the bundle; they may be mounted there. */
  readonly path: string
  /** The digest of the list of its files, `incant.model.json` beside them. */
  readonly digest: string
}
