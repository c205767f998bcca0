import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { ModuleExports } from './choose-predictor.ts'
import { readExports } from './exports.ts'
import { toLoadError } from './load-error.ts'
import { type ImportAfresh, registerAfresh, registerTypeScript } from './register.ts'

/**
 * Imports a predictor file, TypeScript or JavaScript, and gives its exports by name.
 *
 * @throws {StartupError} `syntax_error`, `import_failed`.
 */
export async function loadModule(file: string): Promise<ModuleExports> {
  try {
    registerTypeScript(file)
    return readExports(await importFile(file))
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
    const importAfresh = registerAfresh(file)
    return readExports(await importFile(file, importAfresh))
  } catch (thrown) {
    throw toLoadError(file, thrown)
  }
}

/**
 * What is CommonJS by its name is required: Node 20 gives no ESM, and `incant` is ESM, to a CommonJS file that it was
 * told to import and whose source comes from a hook.
 */
async function importFile(file: string, importURL: ImportAfresh = url => import(url)): Promise<object> {
  if (/\.c[jt]s$/.test(file)) return { default: createRequire(file)(file) }
  return importURL(pathToFileURL(file).href)
}
