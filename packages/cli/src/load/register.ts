import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { register as registerCommonJS } from 'tsx/cjs/api'
import { register as registerModules } from 'tsx/esm/api'
import { findUpwards } from '../signature/project.ts'
import { registerIncantFallback } from './incant-fallback.ts'

/** What tsx is told where a file has no configuration: else it would take the one of the current folder. */
const NO_TSCONFIG = fileURLToPath(new URL('../../bin/no-tsconfig.json', import.meta.url))

/**
 * Makes Node load TypeScript, in modules and in CommonJS, by the `tsconfig.json` nearest to a file: its `paths`, its
 * mode of decorators. It stays for the life of the process, since predictors import in `setup()` too.
 */
export function registerTypeScript(file: string): void {
  const tsconfig = findUpwards(dirname(file), 'tsconfig.json')
  withVariable('TSX_TSCONFIG_PATH', tsconfig ?? NO_TSCONFIG, () => {
    registerCommonJS()
    registerModules({ tsconfig: tsconfig ?? false })
  })
  registerIncantFallback()
}

/** tsx's CommonJS side takes its configuration from the environment and from nowhere else. */
function withVariable(name: string, value: string, run: () => void): void {
  const before = process.env[name]
  process.env[name] = value
  try {
    run()
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}
