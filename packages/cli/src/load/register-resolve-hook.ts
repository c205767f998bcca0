import { createRequire, Module } from 'node:module'
import { registerHook } from './register-hook.ts'
import { isIncant, resolve } from './resolve-hook.ts'

/** Node's own resolver of CommonJS, which tsx replaces in the same way. */
interface Resolver {
  _resolveFilename(specifier: string, ...rest: unknown[]): string
}

/**
 * Lets a predictor import `incant` from a folder without it: it then gets the copy of this command. If the folder has
 * its own copy, that one is used. At a reload, the predictor's imports get the same generation.
 */
export function registerResolveHook(): void {
  registerHook({ resolve, module: './resolve-hook.js' })
  // Node's resolver of CommonJS is in no types.
  extendResolver(Module as unknown as Resolver)
}

/** A require has no parent that a hook could change. */
function extendResolver(resolver: Resolver): void {
  const resolveFilename = resolver._resolveFilename
  const own = createRequire(import.meta.url)
  resolver._resolveFilename = (specifier, ...rest) => {
    try {
      return resolveFilename.call(resolver, specifier, ...rest)
    } catch (error) {
      if (!isIncant(specifier)) throw error
      return own.resolve(specifier)
    }
  }
}
