// Loaded twice, as resolve-hook.ts is. It imports types alone.
import type { NextResolve, ResolveContext } from './register-hook.ts'

/**
 * Node's resolve hook. The esbuild that tsx imports is CommonJS, and to import that Node reads all of it for names with
 * a parser written in JavaScript, for 40 ms. Its replacement requires it.
 */
export function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: NextResolve<Result>,
): Result | { readonly url: string; readonly format: 'module'; readonly shortCircuit: true } {
  const { parentURL = '' } = context
  if (specifier !== 'esbuild' || !parentURL.includes('/tsx/')) return next(specifier, context)
  const url = new URL('./required-esbuild.js', import.meta.url)
  url.searchParams.set('for', parentURL)
  return { url: url.href, format: 'module', shortCircuit: true }
}
