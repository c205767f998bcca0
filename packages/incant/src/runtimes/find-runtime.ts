import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describeThrown } from '../errors/describe-thrown.ts'
import { StartupError } from '../errors/startup-error.ts'
import { ONNX_RUNTIME } from './onnx/onnx-runtime.ts'
import { refuseFile } from './refuse-file.ts'
import type { ModelRuntime } from './runtime.ts'

/** Those that need no package of others to read a file. */
const BUILT_IN: readonly ModelRuntime[] = [ONNX_RUNTIME]

/** Endings of model files that are served without `--runtime`. */
export const MODEL_EXTENSIONS: readonly string[] = BUILT_IN.flatMap(({ extensions }) => extensions)

/**
 * The runtime of a model file.
 *
 * @param name - `onnx`, or a package whose default export is a {@link ModelRuntime}; a path where it begins with `.` or `/`.
 * Default: by the ending of the file.
 * @throws {StartupError} `invalid_model_file`, `runtime_missing`.
 */
export async function findRuntime(file: string, name: string | undefined): Promise<ModelRuntime> {
  const runtime =
    name === undefined
      ? BUILT_IN.find(({ extensions }) => extensions.includes(endingOf(file)))
      : (BUILT_IN.find(known => known.name === name) ?? (await loadRuntime(file, name)))
  if (runtime === undefined) throw unknownEnding(file)
  if (!runtime.extensions.includes(endingOf(file))) throw otherEnding(file, runtime)
  return runtime
}

function endingOf(file: string): string {
  return extname(file).toLowerCase()
}

function unknownEnding(file: string): StartupError {
  return refuseFile(file, `is of no format that is known here: ${MODEL_EXTENSIONS.join(', ')}`, {
    instead: 'Name the package that runs it: --runtime PACKAGE.',
  })
}

function otherEnding(file: string, { name, extensions }: ModelRuntime): StartupError {
  return refuseFile(file, `does not end in ${extensions.join(' or ')}, as files of the runtime ${name} do`)
}

async function loadRuntime(file: string, name: string): Promise<ModelRuntime> {
  const path = locate(file, name)
  const { default: runtime }: { readonly default?: unknown } = await import(pathToFileURL(path).href).catch(cause => {
    throw missing(`loading ${name} threw: ${describeThrown(cause).message}`, undefined, cause)
  })
  if (!isRuntime(runtime)) {
    const instead =
      'It needs name, extensions, describe(file) and open(file): the type ModelRuntime of incant/runtimes.'
    throw missing(`the default export of ${name} is not a model runtime`, instead)
  }
  return runtime
}

/** Where the server is started, or beside the model. */
function locate(file: string, name: string): string {
  for (const from of [join(process.cwd(), 'index.js'), file]) {
    try {
      return createRequire(from).resolve(name)
    } catch {
      // It may be at the other place.
    }
  }
  const isPath = /^[./]/.test(name)
  throw missing(
    `there is no runtime ${name}`,
    isPath ? 'Correct the path; it begins at the current folder.' : `Install it: npm install ${name}`,
  )
}

function missing(found: string, instead: string | undefined, cause?: unknown): StartupError {
  return new StartupError({
    code: 'runtime_missing',
    found,
    ...(instead === undefined ? {} : { instead }),
    ...(cause === undefined ? {} : { cause }),
  })
}

function isRuntime(value: unknown): value is ModelRuntime {
  if (typeof value !== 'object' || value === null) return false
  const { name, extensions, describe, open }: { readonly [member in keyof ModelRuntime]?: unknown } = value
  const areFunctions = typeof describe === 'function' && typeof open === 'function'
  return typeof name === 'string' && Array.isArray(extensions) && areFunctions
}
