import { createRequire, register } from 'node:module'
import { dirname } from 'node:path'
import { findUpwards } from '../files/find-upwards.ts'
import { ownFile } from '../files/own-file.ts'
import { resolve as resolveEsbuild } from './esbuild-hook.ts'
import { hasSynchronousHooks, registerHook } from './register-hook.ts'
import { registerResolveHook } from './register-resolve-hook.ts'
import { asModules, inGeneration } from './resolve-hook.ts'
import { avoidUnwritableCache } from './transform-cache.ts'

/** The configuration that tsx uses for a file without one: else it would take that of the current folder. */
const NO_TSCONFIG = ownFile('bin/no-tsconfig.json')

/**
 * Makes Node load TypeScript, in modules and in CommonJS, by the `tsconfig.json` nearest to a file: its `paths`, its
 * mode of decorators. It stays for the life of the process, since predictors import in `setup()` too.
 */
export async function registerTypeScript(file: string): Promise<void> {
  const tsconfig = findUpwards(dirname(file), 'tsconfig.json')
  if (registered.has(tsconfig)) return
  registered.add(tsconfig)
  avoidUnwritableCache()
  // Before there are hooks: what is resolved through them takes a millisecond a module.
  await import('incant')
  withVariable('TSX_TSCONFIG_PATH', tsconfig ?? NO_TSCONFIG, registerCommonJS)
  await registerModules(tsconfig ?? false)
  registerResolveHook()
}

/** The configurations that files are loaded by already: a program may load several predictors. */
const registered = new Set<string | undefined>()

/** Required, not imported: see esbuild-hook.ts. */
function registerCommonJS(): void {
  const { register }: typeof import('tsx/cjs/api') = createRequire(import.meta.url)('tsx/cjs/api')
  register()
}

async function registerModules(tsconfig: string | false): Promise<void> {
  registerHook({ resolve: resolveEsbuild, module: './esbuild-hook.js' })
  if (hasSynchronousHooks) (await import('tsx/esm/api')).register({ tsconfig })
  else registerInThread(tsconfig)
}

/** Does the work of `tsx/esm/api` on such a Node, without loading all of tsx in this thread, too. */
function registerInThread(tsconfig: string | false): void {
  process.setSourceMapsEnabled(true)
  register('tsx/esm', { parentURL: import.meta.url, data: { tsconfig } })
}

/** Imports a module and all that it imports, even if they were imported before. */
export type ImportAfresh = (url: string) => Promise<object>

let generations = 0

/** Gives a way to import what has changed since it was imported. {@link registerTypeScript} goes before. */
export function registerAfresh(): ImportAfresh {
  generations += 1
  const generation = generations
  forgetRequired()
  return url => import(inGeneration(url, generation))
}

/** Imports a file that cannot be CommonJS, and all that it imports, as modules. {@link registerTypeScript} goes before. */
export const importAsModules: ImportAfresh = url => {
  generations += 1
  return import(inGeneration(url, asModules(generations)))
}

/** Packages do not change while a server runs; what is below no node_modules may. */
function forgetRequired(): void {
  const { cache } = createRequire(import.meta.url)
  for (const name of Object.keys(cache)) if (!name.includes('/node_modules/')) delete cache[name]
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
