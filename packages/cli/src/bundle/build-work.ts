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
  readonly model: { readonly name: string; readonly version?: string | undefined } | undefined
  /** The folder of the model's files. Absolute. */
  readonly modelPath: string | undefined
  /** Files and folders that the code reads. Absolute. */
  readonly include: readonly string[]
  readonly platform: Platform
  readonly base: string
}

/** A build under way. */
export interface Work {
  readonly project: Project
  readonly code: BundledCode
  readonly options: BuildOptions
}
