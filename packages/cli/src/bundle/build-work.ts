import type { PredictSignature } from 'incant'
import type { BundledCode } from './code.ts'
import type { Platform } from './manifest.ts'
import type { Project } from './project.ts'

/** What to build. */
export interface BuildOptions {
  /** The predictor. Absolute. */
  readonly file: string
  /** What its types say. Absent: decorators say it. */
  readonly signature: PredictSignature | undefined
  /** The folder to write. Absolute. */
  readonly out: string
  readonly className: string | undefined
  /** The first is the one that the server is named after. Each of several has a name. */
  readonly models: readonly ModelSource[]
  /** Whether the files of models are left out of the bundle, to be mounted where they would be. */
  readonly mountModels: boolean
  /** Files and folders that the code reads. Absolute. */
  readonly include: readonly string[]
  readonly platform: Platform
  readonly base: string
}

/** A model for a bundle. */
export interface ModelSource {
  readonly name: string | undefined
  readonly version: string | undefined
  /** Its files. Absolute. */
  readonly folder: string
}

/** A build under way. */
export interface Work {
  readonly project: Project
  readonly code: BundledCode
  readonly options: BuildOptions
}
