import { writeFileSync } from 'node:fs'
import { dirname, extname, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type PredictSignature, StartupError } from 'incant'
import { resolvePath } from '../arguments/path.ts'
import type { ModelFileSettings } from '../arguments/settings.ts'
import { displayPath } from '../files/display-path.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { writeClass } from '../model-file/write-class.ts'

/** Options of `incant inspect FILE --as`. */
export interface WriteOptions {
  /** The model file. */
  readonly file: string
  readonly signature: PredictSignature
  /** Whether the class computes rows of several payloads together. */
  readonly batched: boolean
  readonly settings: ModelFileSettings
}

/**
 * Writes the class of a model file. What is there already is not replaced.
 *
 * @param given - The path, as it was given.
 * @throws {StartupError} `invalid_option`
 */
export function writePredictor(given: string, { file, signature, batched, settings }: WriteOptions): void {
  if (isSourceFile(file)) throw refuse(`${displayPath(file)} is code, and --as writes code for a model file`)
  const target = resolvePath(given)
  if (!/\.m?ts$/.test(extname(target))) throw refuse(`--as names ${given}, which is no TypeScript module`)
  const { runtime, modelThreads: threads, maxModelSize: maxSize } = settings
  const options = Object.fromEntries(
    Object.entries({ runtime, threads, maxSize }).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '',
    ),
  )
  const text = writeClass({ signature, batched, path: pathBetween(target, file), options })
  try {
    writeFileSync(target, text, { flag: 'wx' })
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw refuse(`${given} ${isThere ? 'exists already' : 'cannot be written'}`, cause)
  }
  console.error(`wrote ${displayPath(target)}`)
}

/** As the specifier of an import has it: escaped as in a URL, since it becomes one. */
function pathBetween(target: string, file: string): string {
  const path = relative(dirname(target), file).split(sep).map(encodeURIComponent).join('/')
  // On another drive there is no path between them.
  if (/^[a-z]%3A/i.test(path)) return pathToFileURL(file).href
  return path.startsWith('..') ? path : `./${path}`
}

function refuse(found: string, cause?: unknown): StartupError {
  const instead = 'Name a file that does not exist yet: incant inspect model.onnx --as predictor.ts'
  return new StartupError({ code: 'invalid_option', found, instead, ...(cause === undefined ? {} : { cause }) })
}
