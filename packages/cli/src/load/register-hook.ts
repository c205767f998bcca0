import { Module, register } from 'node:module'

/** The context that Node passes to a resolve hook. */
export interface ResolveContext {
  readonly parentURL?: string | undefined
}

/** The hook that was registered before, or Node itself. Its result is a promise where hooks are not synchronous. */
export type NextResolve<Result> = (specifier: string, context: ResolveContext) => Result

/** A resolve hook: itself, and the module that exports it as `resolve`. */
export interface Hook {
  readonly resolve: unknown
  /** An entry of the build, all of which are in one folder. */
  readonly module: `./${string}.js`
}

// Types of Node 20 do not know it.
const { registerHooks } = Module as unknown as { registerHooks?: (hooks: { resolve: unknown }) => unknown }

/** Whether hooks are synchronous, as since Node 22.15; before, they run in a separate thread. */
export const hasSynchronousHooks: boolean = registerHooks !== undefined

/** Has Node ask a hook where a module is, before those that were registered earlier. */
export function registerHook({ resolve, module }: Hook): void {
  if (registerHooks === undefined) register(module, import.meta.url)
  else registerHooks({ resolve })
}
