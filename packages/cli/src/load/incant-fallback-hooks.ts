// Loaded twice: by the main thread, and on Node 20 by the thread that runs hooks. It imports nothing.

interface ResolveContext {
  readonly parentURL?: string | undefined
}

type NextResolve<Result> = (specifier: string, context: ResolveContext) => Result

/** Whether a specifier is `incant` or one of its entries. */
export function isIncant(specifier: string): boolean {
  return specifier === 'incant' || specifier.startsWith('incant/')
}

/** Node's resolve hook, synchronous or not, as the next one is: what resolves nowhere else, resolves from here. */
export function resolve<Result>(specifier: string, context: ResolveContext, next: NextResolve<Result>): Result {
  if (!isIncant(specifier)) return next(specifier, context)
  const fallBack = (): Result => next(specifier, { ...context, parentURL: import.meta.url })
  try {
    const result = next(specifier, context)
    // A promise here means that this is the asynchronous hook, whose Result is that promise.
    return result instanceof Promise ? (result.catch(fallBack) as Result) : result
  } catch {
    return fallBack()
  }
}
