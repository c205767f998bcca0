import { pathToFileURL } from 'node:url'
import type { ModuleExports } from './choose-predictor.ts'
import { readExports } from './exports.ts'
import { toLoadError } from './load-error.ts'
import { registerTypeScript } from './register.ts'

/**
 * Imports a predictor file, TypeScript or JavaScript, and gives its exports by name.
 *
 * @throws {StartupError} `syntax_error`, `import_failed`.
 */
export async function loadModule(file: string): Promise<ModuleExports> {
  try {
    registerTypeScript(file)
    return readExports(await import(pathToFileURL(file).href))
  } catch (thrown) {
    throw toLoadError(file, thrown)
  }
}
