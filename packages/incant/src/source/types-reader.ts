import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { StartupError } from '../errors/startup-error.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import type { PredictSignature } from '../signature/signature.ts'

/** A predictor file that was loaded, and its types that were read. */
export interface LoadedPredictor {
  /** The class, with its signature attached. */
  readonly predictor: PredictorClass
  /** Where processes find the class. */
  readonly source: { readonly module: string; readonly exportName: string | undefined; readonly main: URL }
  /** What the types say that stops nothing: `file:line:column: sentence`. */
  readonly warnings: readonly string[]
}

/**
 * The part of `@incant/cli` that is used here. This package does not depend on it, since it contains a compiler, so its
 * types are not available.
 */
export interface TypesReader {
  readSignatures(options: { readonly file: string; readonly className?: string }): {
    readonly signatures: readonly PredictSignature[]
  }
  loadPredictor(file: string | URL, options?: { readonly className?: string | undefined }): Promise<LoadedPredictor>
}

/**
 * `@incant/cli`, where it is installed: seen from a folder, as package managers that link strictly give this package no
 * sight of it.
 *
 * @param file - The predictor file, or another beside it.
 */
export async function findTypesReader(file: string): Promise<TypesReader | undefined> {
  for (const from of [file, join(process.cwd(), 'package.json'), import.meta.url]) {
    const found = resolveFrom(from)
    // The package has the same version; otherwise its own check of versions reports it.
    if (found !== undefined) return (await import(pathToFileURL(found).href)) as TypesReader
  }
  return undefined
}

function resolveFrom(from: string): string | undefined {
  try {
    return createRequire(from).resolve('@incant/cli')
  } catch {
    return undefined
  }
}

/**
 * Loads a predictor file as `incant serve` does, TypeScript or JavaScript, and reads its types.
 *
 * @param file - A path, from the current folder, or a URL, as `import.meta.resolve('./predictor.ts')` gives it.
 * @throws {StartupError} `import_failed` without `@incant/cli`; else as `incant serve`.
 */
export function loadPredictorFile(file: string | URL, className?: string): Promise<LoadedPredictor> {
  const path = toPath(file)
  const key = JSON.stringify([path, className])
  const loading = loaded.get(key) ?? load(file, path, className)
  loaded.set(key, loading)
  return loading
}

/** A module is loaded once in a process, so its types are read once. */
const loaded = new Map<string, Promise<LoadedPredictor>>()

async function load(file: string | URL, path: string, className: string | undefined): Promise<LoadedPredictor> {
  const reader = await findTypesReader(path)
  if (reader === undefined) throw noReader(path)
  return reader.loadPredictor(file, { className })
}

/** A path, from any way to name a file. */
function toPath(file: string | URL): string {
  const text = String(file)
  return text.startsWith('file:') ? fileURLToPath(text.replace(/[?#].*$/, '')) : resolve(text)
}

function noReader(path: string): StartupError {
  return new StartupError({
    code: 'import_failed',
    found: `the types of ${path} are read by @incant/cli, which is not installed`,
    instead: 'Install it: npm install --save-dev @incant/cli. Or import the class and pass its signature.',
  })
}
