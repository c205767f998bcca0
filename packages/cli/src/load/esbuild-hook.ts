// Loaded as hooks are: on Node 20 in their thread. It imports nothing.

type NextResolve<Result> = (specifier: string, context: { readonly parentURL?: string }) => Result

/**
 * Node's resolve hook. The esbuild that tsx imports is CommonJS, and to import that Node reads all of it for names with a
 * parser written in JavaScript, for 40 ms; ours requires it.
 */
export function resolve<Result>(
  specifier: string,
  context: { readonly parentURL?: string },
  next: NextResolve<Result>,
): Result | { readonly url: string; readonly format: 'module'; readonly shortCircuit: true } {
  const { parentURL = '' } = context
  if (specifier !== 'esbuild' || !parentURL.includes('/tsx/')) return next(specifier, context)
  const url = new URL('../load/required-esbuild.js', import.meta.url)
  url.searchParams.set('for', parentURL)
  return { url: url.href, format: 'module', shortCircuit: true }
}
