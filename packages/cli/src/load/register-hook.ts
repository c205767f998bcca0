import { Module, register } from 'node:module'

/** A resolve hook: of itself, and of the module that exports it as `resolve`. */
export interface Hook {
  readonly resolve: unknown
  /** From a folder beside this one's. */
  readonly module: `../load/${string}.js`
}

/** Whether hooks are synchronous, as of Node 22.15 on; before, they run in a thread of their own. */
export const hasSynchronousHooks: boolean = 'registerHooks' in Module

/** Has Node ask a hook where a module is, before those that were registered earlier. */
export function registerHook({ resolve, module }: Hook): void {
  // Types of Node 20 do not know it.
  const { registerHooks } = Module as unknown as { registerHooks?: (hooks: { resolve: unknown }) => unknown }
  if (registerHooks === undefined) register(module, import.meta.url)
  else registerHooks({ resolve })
}
