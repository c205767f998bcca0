import { createRequire, Module, register } from 'node:module'
import { isIncant, resolve as resolveModule } from './resolve-hook.ts'

/** The synchronous hooks of Node 22.15 and later; before, hooks run in a thread of their own. */
type RegisterHooks = (hooks: { resolve: typeof resolveModule }) => unknown

/** Node's own resolver of CommonJS, which tsx replaces in the same way. */
interface Resolver {
  _resolveFilename(specifier: string, ...rest: unknown[]): string
}

/**
 * Lets a predictor import `incant` from a folder that has none: it then gets the copy this command line runs on. Where
 * the folder has its own copy, that one is used. At a reload, lets what the predictor imports be of the same generation.
 */
export function registerResolveHook(): void {
  // Types of Node 20 do not know it; and Node's resolver of CommonJS is in no types.
  const { registerHooks } = Module as unknown as { registerHooks?: RegisterHooks }
  if (registerHooks === undefined) register('./resolve-hook.js', import.meta.url)
  else registerHooks({ resolve: resolveModule })
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
