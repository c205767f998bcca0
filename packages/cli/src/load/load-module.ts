import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findUpwards } from '../files/find-upwards.ts'
import type { ModuleExports } from './choose-predictor.ts'
import { readExports } from './exports.ts'
import { toLoadError } from './load-error.ts'
import { type ImportAfresh, importAsModules, registerAfresh, registerTypeScript } from './register.ts'

/**
 * Imports a predictor file, TypeScript or JavaScript, and gives its exports by name.
 *
 * @throws {StartupError} `syntax_error`, `import_failed`.
 */
export async function loadModule(file: string): Promise<ModuleExports> {
  try {
    await registerTypeScript(file)
    return readExports(await orAsModules(file, () => importFile(file)))
  } catch (thrown) {
    throw toLoadError(file, thrown)
  }
}

/**
 * Imports a predictor file as it is now, though it was imported before.
 *
 * @throws {StartupError} `syntax_error`, `import_failed`.
 */
export async function loadModuleAfresh(file: string): Promise<ModuleExports> {
  try {
    const importAfresh = registerAfresh()
    const importNow = async () => (isCommonJSNow(file) ? requireFile(file) : importFile(file, importAfresh))
    return readExports(await orAsModules(file, importNow))
  } catch (thrown) {
    throw toLoadError(file, thrown)
  }
}

/**
 * A package without `"type": "module"`, as `npm init` creates one, is CommonJS, where `await` is not allowed at the top
 * of a file. Such a file, if its name does not decide otherwise, is loaded as a module.
 */
async function orAsModules(file: string, load: () => Promise<object>): Promise<object> {
  try {
    return await load()
  } catch (thrown) {
    if (!awaitsAtTheTop(thrown) || /\.c[jt]s$/.test(file)) throw thrown
    return importAsModules(pathToFileURL(file).href)
  }
}

/** esbuild's report of it. */
function awaitsAtTheTop(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('Top-level await is currently not supported')
}

/**
 * A file that is CommonJS by its name is required: Node 20 passes no ESM, and `incant` is ESM, to a CommonJS file that
 * it imports and whose source comes from a hook.
 */
async function importFile(file: string, importURL: ImportAfresh = url => import(url)): Promise<object> {
  return /\.c[jt]s$/.test(file) ? requireFile(file) : importURL(pathToFileURL(file).href)
}

function requireFile(file: string): object {
  return { default: createRequire(file)(file) }
}

/**
 * Whether a file without a word about its kind is CommonJS, which from Node 22 on tsx cannot import under a name of a
 * generation: it looks for a file of that name. What was required before has been forgotten by then.
 */
function isCommonJSNow(file: string): boolean {
  if (Number.parseInt(process.versions.node, 10) < 22 || /\.m[jt]s$/.test(file)) return false
  const manifest = findUpwards(dirname(file), 'package.json')
  if (manifest === undefined) return true
  const { type }: { readonly type?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'))
  return type !== 'module'
}
